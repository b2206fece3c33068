import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { CANDLES, statements, workplace } from './cli-fixtures.ts';

const { backtest, path, put, strat } = workplace();

interface Finding {
  readonly code: string;
  readonly line: number;
}

describe('strat check', { concurrent: true }, () => {
  test('finds nothing in a good file', async () => {
    const allowed = '  allows positions of at most 0.1 x equity, at most 9% of equity lost in a trade; before gaps and slippage\n';
    expect(await strat(['check', 'good.strat'])).toMatchObject({
      status: 0,
      stdout: `good.strat: no mistakes found\n${allowed}`,
      stderr: '',
    });
    expect(await strat(['check', 'good.strat', '--json'])).toMatchObject({ status: 0, stdout: '[]\n', stderr: '' });
  });

  test('prints findings as JSON with the keys that others rely on', async () => {
    const { status, stdout } = await strat(['check', 'good.strat', 'wrong.strat', '--json']);
    expect(status).toBe(1);
    const findings: unknown = JSON.parse(stdout);
    expect(findings).toEqual([
      {
        file: 'wrong.strat',
        code: 'E0201',
        severity: 'error',
        line: 4,
        column: 17,
        endLine: 4,
        endColumn: 23,
        message: expect.stringContaining('closee'),
        hint: expect.stringContaining('close'),
      },
    ]);
    const keys = ['file', 'code', 'severity', 'line', 'column', 'endLine', 'endColumn', 'message', 'hint'];
    expect(Object.keys((findings as readonly object[])[0]!)).toEqual(keys);
  });

  test('goes on with the other files when one cannot be read', async () => {
    const { status, stdout, stderr } = await strat(['check', 'good.strat', 'nofile', 'wrong.strat']);
    expect(status).toBe(1);
    expect(stderr).toBe('Cannot read "nofile": there is no such file. Check the path and its permissions\n');
    expect(stdout).toContain('good.strat: no mistakes found');
    expect(stdout).toContain('wrong.strat: 1 error');
    expect(stdout).toContain('2 files: 1 error');
    expect(JSON.parse((await strat(['check', 'good.strat', 'nofile', '--json'])).stdout)).toEqual([
      expect.objectContaining({ file: 'nofile', code: 'FILE_UNREADABLE', severity: 'error', line: null }),
    ]);
  });

  test('warnings alone are exit code 0, and stand with their line beside the numbers of a run', async () => {
    put('risky.strat', readFileSync(path('good.strat'), 'utf8').replace('stop 90%', ''));
    const { status, stdout } = await strat(['check', 'risky.strat']);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^risky.strat: 1 warning\nW0905 4:1/);
    const { warnings } = await backtest('risky.strat', '--data', CANDLES);
    expect(warnings[0]).toEqual({ code: 'W0905', message: expect.stringMatching(/^risky.strat:4: this entry has no stop/) });
  });

  test('notes what is right but not run yet, and a run refuses it at its place', async () => {
    const basket =
      'basket pair { buy BTC/USDT sell ETH/USDT }\nenter long pair when close > open\nsize 1000 USDT\nstop 20%\nadd 50% every 2% against max 2 times\n';
    put('later.strat', `strat 1\nstrategy "later"\ntrade BTC/USDT on 1h side both\n${basket}`);
    const { status, stdout } = await strat(['check', 'later.strat']);
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /^later.strat: no mistakes found\n {2}\d+:1 "add \.\.\. every" of a basket is checked, but .*\n {2}allows .*\n$/,
    );
    const json = await strat(['check', 'later.strat', '--json']);
    expect(json.status).toBe(0);
    expect(JSON.parse(json.stdout)).toMatchObject([
      { code: 'E0801', severity: 'note', message: expect.stringContaining('of a basket'), hint: null },
    ]);
    const run = await strat(['backtest', 'later.strat', '--data', CANDLES]);
    expect(run.status).toBe(1);
    expect(run.stderr).toMatch(/^later.strat: 1 error\nE0801 \d+:1 +"add \.\.\. every" of a basket is part of edition 1/);
  });

  test('what takes the engine runs under the risk rules of a config as well', async () => {
    put('engine.strat', `${readFileSync(path('good.strat'), 'utf8')}\ntake 50% at 1R\n`);
    put('ruled.yaml', 'risk: [{ use: risk/max-position, maxShare: 20% }]\n');
    const free = await backtest('engine.strat', '--data', CANDLES);
    const ruled = await backtest('engine.strat', '--data', CANDLES, '--config', 'ruled.yaml');
    expect(ruled.metrics['trades']).toBe(free.metrics['trades']);
  });

  test('finds each of thirty mistakes, on its line', async () => {
    const mistakes = Array.from({ length: 30 }, (_, i) => `let a${i} = unknown_${'x'.repeat(i + 9)}(close)`);
    put('thirty.strat', statements(...mistakes, 'enter long when close > 1'));
    const { status, stdout } = await strat(['check', 'thirty.strat', '--json']);
    const findings = JSON.parse(stdout) as readonly Finding[];
    expect(status).toBe(1);
    expect(findings.map(({ line }) => line)).toEqual(mistakes.map((_, i) => 4 + i));
    expect((await strat(['check', 'thirty.strat'])).stdout).toContain('thirty.strat: 30 errors');
  });

  test('takes a file of 250 KB, and says that 300 KB are too many', async () => {
    const comment = `# ${'long '.repeat(20)}\n`;
    const text = readFileSync(path('good.strat'), 'utf8');
    put('large.strat', text + comment.repeat(250_000 / comment.length));
    put('too-large.strat', text + comment.repeat(300_000 / comment.length));
    expect(await strat(['check', 'large.strat'])).toMatchObject({ status: 0 });
    const { status, stdout } = await strat(['check', 'too-large.strat']);
    expect(status).toBe(1);
    expect(stdout).toMatch(/E0108.*256 KB/);
  });
});
