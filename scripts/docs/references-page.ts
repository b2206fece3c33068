import { candleCases, ONE_SIDED, RARE_ONE_SIDED, RARE_TWO_SIDED, TWO_SIDED } from '../../tests/reference/indicators/candle-cases.ts';
import { EXCEPTIONS, OTHER_FILES, type ReferenceException } from '../../tests/reference/indicators/exceptions.ts';
import { OTHER_CONVENTIONS } from '../../tests/reference/indicators/other-conventions.ts';
import type { ReferenceCase } from '../../tests/reference/indicators/reference-cases.ts';
import { REFERENCE_TABLES, TALIB_ALL, TALIB_FILES } from '../../tests/reference/indicators/reference-tables.ts';
import { DEFINITIONS } from '../../dsl/prelude/testing/definitions.ts';
import { NOTE } from './functions-page.ts';

const PROGRAMS: Readonly<Record<string, string>> = {
  'TA-Lib': [
    `TA-Lib 0.4.0 on ${TALIB_FILES.map((file) => `\`${file}\``).join(', ')}; lengths are those of each file.`,
    'What these data do not show: where nothing moves in a window, TA-Lib gives 0 for `stoch`, `stoch_rsi`, `mfi`, `ultosc`, `williams_r` and `beta`, and takes 1 for the efficiency of `kama`; the limits of ours stand in',
    'their texts. With a length of 1 its `NATR` is the true range and its directional indicators are shares.',
  ].join(' '),
  TradingView: "Exports of TradingView's charts, EUR/USD; outputs are calls of Pine.",
  StockCharts: "The spreadsheets of StockCharts' ChartSchool: the columns that they are for.",
  'R TTR': 'R 4.2.2 with TTR 0.24.3 on 600 hours of BTC/USDT.',
  Skender: 'Stock.Indicators for .NET on 502 days of an S&P 500 fund.',
  Tulip: 'Tulip Indicators, 15 bars for each, printed with three decimals.',
};

/** What is compared with the results of other programs, how closely, and what is not, and why. */
export function referencesPage(): string {
  return [
    '# Other programs',
    NOTE,
    [
      "Results of other programs that strat's functions are compared with, output by output. [All of the reference](README.md).",
      'A value agrees when it differs by at most 1e-9 of the larger of both, or of the largest value of the output; where decimals are named, by half of the last one. It is compared from',
      'the first value of the other program on, or from the bar that is named, because another start is forgotten only by then. Columns without numbers (dates, names, true and false) are left out.',
    ].join(' '),
    'A test fails for an output that stands in neither table of its program, for a bar, tolerance or number of decimals that is laxer than it need be, and for a reason that does not hold any more.',
    Object.keys(PROGRAMS)
      .map((program) => `[${program}](#${anchorOf(program)})`)
      .concat(
        '[Candlestick patterns](#candlestick-patterns)',
        '[By definition](#by-definition)',
        '[Conventions of others](#conventions-of-others)',
      )
      .join(' · '),
    ...Object.entries(PROGRAMS).flatMap(([program, says]) => [`## ${program}`, says, ...tablesOf(program)]),
    '## Candlestick patterns',
    "TA-Lib's, on the bars that it names and on no other, from its look-back on; 100 and -100 are `.up` and `.down` of patterns of two directions.",
    patternList({ ...ONE_SIDED, ...TWO_SIDED }),
    'These are not found in the files: they are compared on candles made for them, of which TA-Lib says the same, and on candles near to those with a definition written apart.',
    patternList({ ...RARE_ONE_SIDED, ...RARE_TWO_SIDED }),
    '## Other files',
    ['| file | why it is not compared |', '|---|---|', ...OTHER_FILES.map(([file, why]) => `| \`${file}\` | ${cell(why)} |`)].join('\n'),
    '## By definition',
    'Compared on random bars, with gaps in the source, with definitions written apart from the functions, straight over whole arrays. X is the source, C and D conditions, N a length.',
    Object.keys(DEFINITIONS).map(code).join(' · '),
    '## Conventions of others',
    "Where other programs start averages otherwise, strat's default is one convention, and the text of the function says which. With these lines in a strategy their values can be had from the first one on; the tables above use them.",
    ...Object.entries(OTHER_CONVENTIONS).flatMap(([says, text]) => [`${says}:`, ['```text', text, '```'].join('\n')]),
  ].join('\n\n');
}

const anchorOf = (program: string): string => program.toLowerCase().replaceAll(' ', '-');
const code = (text: string): string => `\`${text.replaceAll('|', '\\|')}\``;
const cell = (text: string): string => text.replaceAll('|', '\\|');

function tablesOf(program: string): readonly string[] {
  const rows =
    program === 'TA-Lib'
      ? talibRows()
      : REFERENCE_TABLES.filter((table) => table.program === program).flatMap(({ file, cases }) => cases.map((one) => caseRow(file, one)));
  const exceptions = Object.entries(EXCEPTIONS[program] ?? {}).flatMap(([file, outputs]) =>
    Object.entries(outputs).map(([output, exception]) => exceptionRow(file, output, exception)),
  );
  return [
    ['| output | call | from | within |', '|---|---|---|---|', ...rows].join('\n'),
    ...(exceptions.length === 0
      ? []
      : [`Not compared with ${program}:`, ['| output | ours | why |', '|---|---|---|', ...exceptions].join('\n')]),
  ];
}

const outputName = (file: string, output: string): string => code(file === '' || file === output ? output : `${file}: ${output}`);

function caseRow(file: string, { call, output, from, tolerance, decimals, shownBack, noValue, why }: ReferenceCase): string {
  const start = from === undefined ? '' : `bar ${from}`;
  const notes = [
    why ?? '',
    shownBack === undefined ? '' : `it stands ${shownBack} bars before the one on which it is known`,
    noValue === undefined ? '' : `it writes ${noValue} where it has none`,
  ].filter((note) => note !== '');
  const within = decimals === undefined ? (tolerance === undefined ? '1e-9' : String(tolerance)) : `${decimals} decimals`;
  return `| ${outputName(file, output)} | ${code(call)} | ${cell([start, ...notes].filter((part) => part !== '').join(': '))} | ${within} |`;
}

/** Lengths by the names of TA-Lib's parameters. */
function talibRows(): readonly string[] {
  const named = (averages: number): Readonly<Record<string, number>> =>
    new Proxy<Record<string, number>>(
      {},
      {
        get: (_, name): unknown => {
          if (name === 'MAType') return averages;
          return name === 'fastK_Period' && averages === 1 ? 'timePeriod' : String(name);
        },
      },
    );
  return TALIB_ALL.map(({ call, ...one }) => {
    // STOCH has a length of its own for k; of others k is the length where they can be compared.
    const text = one.output.startsWith('STOCH.') || one.output.startsWith('STOCHF.') ? call(named(0)) : (call(named(1)) ?? call(named(0)));
    return caseRow('', { ...one, call: text ?? '' });
  });
}

function exceptionRow(file: string, output: string, exception: ReferenceException): string {
  return `| ${outputName(file, output)} | ${'call' in exception ? code(exception.call) : ''} | ${cell(exception.why)} |`;
}

function patternList(patterns: Readonly<Record<string, string>>): string {
  return Object.keys(patterns)
    .map(
      (pattern) =>
        `${pattern} (${candleCases(pattern)
          .map(({ call }) => code(call))
          .join(', ')})`,
    )
    .join(' · ');
}
