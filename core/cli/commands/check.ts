import { createCompiler } from '#dsl/compile.ts';
import { toJson } from '#dsl/diagnostics/diagnostic-json.ts';
import { frames } from '#dsl/diagnostics/frame.ts';
import { LineMap } from '#dsl/diagnostics/line-map.ts';
import type { Command } from '../command.ts';
import { usage } from '../command-line.ts';
import { readStrategyFile } from '../strategy-file.ts';

export const checkCommand: Command = {
  name: 'check',
  summary: 'find the mistakes in strategy files',
  usage: 'check FILE... [--json]',
  description: 'Reads each strategy, checks names, units and time, and prints what is wrong, where, and what to do. Nothing is run.\nExit code 1 when a file has an error; warnings alone are 0.',
  options: [{ name: 'json', help: 'print one JSON array of findings' }],
  examples: ['strat check strategies/sma-cross/sma-cross.strat', 'strat check strategies/*/*.strat --json'],
  async run(input, io) {
    if (input.args.length === 0) throw usage('No file was given', checkCommand);
    const compiler = createCompiler();
    const checked = input.args.map((file) => {
      const source = readStrategyFile(file);
      return { file, source, diagnostics: compiler.compile(source).diagnostics };
    });
    const errors = checked.flatMap(({ diagnostics }) => diagnostics).filter((diagnostic) => diagnostic.severity === 'error').length;
    if (input.flag('json')) {
      const findings = checked.flatMap(({ file, source, diagnostics }) => diagnostics.map((diagnostic) => toJson(file, new LineMap(source), diagnostic)));
      io.out(`${JSON.stringify(findings, null, 2)}\n`);
    } else {
      for (const { file, source, diagnostics } of checked) {
        const lines = new LineMap(source);
        const found = diagnostics.length === 0 ? 'no mistakes found' : `${diagnostics.length} finding${diagnostics.length === 1 ? '' : 's'}`;
        io.out([`${file}: ${found}`, ...(diagnostics.length === 0 ? [] : [frames(lines, diagnostics)]), ''].join('\n'));
      }
    }
    return errors > 0 ? 1 : 0;
  },
};
