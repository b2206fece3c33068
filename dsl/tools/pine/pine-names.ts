import type { ImportTarget } from './bound-call.ts';
import { BARS, MONEY, PRICE, QUANTITY, type Said, type Unit } from './said.ts';
import type { SaidBuilder } from './said-builder.ts';
import { TA_SERIES } from './ta-functions.ts';

const SERIES: Readonly<Record<string, readonly [word: string, unit: Unit]>> = {
  open: ['open', PRICE],
  high: ['high', PRICE],
  low: ['low', PRICE],
  close: ['close', PRICE],
  volume: ['volume', QUANTITY],
  hl2: ['hl2', PRICE],
  hlc3: ['hlc3', PRICE],
  ohlc4: ['ohlc4', PRICE],
  bar_index: ['bar_index', BARS],
};

const CALENDAR: Readonly<Record<string, string>> = {
  hour: 'hour',
  minute: 'minute',
  dayofmonth: 'day_of_month',
  month: 'month',
  year: 'year',
};

const DAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];

/** Prefixes of constants that only calls of Pine itself take. */
const CONSTANTS =
  /^(strategy|plot|shape|location|size|color|barmerge|alert|display|format|scale|xloc|yloc|extend|position|text|order|hline|label|line|currency|adjustment|session|input|font|dividends|earnings|splits|box|table)\.[A-Za-z_.]+$/;

const ACCOUNT: Readonly<Record<string, readonly [word: string, unit: Unit, mayBeNa: boolean]>> = {
  'strategy.position_avg_price': ['entry.price', PRICE, true],
  'strategy.equity': ['equity', MONEY, false],
  'strategy.openprofit': ['position.pnl', MONEY, false],
  'strategy.closedtrades': ['trades.count', { ...MONEY, quote: 0 }, false],
  'strategy.wintrades': ['trades.wins', { ...MONEY, quote: 0 }, false],
  'strategy.losstrades': ['trades.losses', { ...MONEY, quote: 0 }, false],
};

/** What a name of Pine stands for, or null when it is none that strat has words for. */
export function builtinName(name: string, say: SaidBuilder, target: ImportTarget, capital: number): Said | null {
  const series = own(SERIES, name === 'n' ? 'bar_index' : name);
  if (series !== null) return say.word(series[0], { kind: 'number', unit: series[1] });
  const calendar = own(CALENDAR, name);
  if (calendar !== null) return say.word(calendar, { kind: 'number' });
  const account = own(ACCOUNT, name);
  if (account !== null) return say.word(account[0], { kind: 'number', unit: account[1], mayBeNa: account[2], usesAccount: true });
  if (name.startsWith('ta.') || name in TA_SERIES) {
    const ta = own(TA_SERIES, name.replace(/^ta\./, ''));
    return ta === null ? null : say.word(ta.word, { kind: 'number', unit: ta.unit });
  }
  if (name.startsWith('dayofweek.')) {
    const day = DAYS.indexOf(name.slice('dayofweek.'.length));
    return day < 0 ? null : say.number(day + 1);
  }
  if (name.startsWith('timeframe.')) return timeframeName(name, say, target);
  if (name.startsWith('barstate.')) return barState(name, say);
  return singleName(name, say, target, capital) ?? (CONSTANTS.test(name) ? constant(name, say) : null);
}

function singleName(name: string, say: SaidBuilder, { market, base, quote }: ImportTarget, capital: number): Said | null {
  switch (name) {
    case 'na':
      return say.na;
    case 'time':
      return say.word('time', { kind: 'time' });
    case 'dayofweek':
      return say.word('weekday', { kind: 'weekday' });
    case 'hlcc4': {
      const two = say.product('*', say.number(2), say.word('close', { kind: 'number', unit: PRICE }));
      const range = say.sum('+', say.word('high', { kind: 'number', unit: PRICE }), say.word('low', { kind: 'number', unit: PRICE }));
      return say.product('/', say.sum('+', range, two), say.number(4));
    }
    case 'math.pi':
      return say.word('pi', { kind: 'number', rate: 'const' });
    case 'math.e':
      return say.number(Math.E);
    case 'math.phi':
      return say.number(1.618033988749);
    case 'strategy.position_size':
      return say.position();
    case 'strategy.opentrades':
      return say.choice(say.word('position.open', { kind: 'condition', usesAccount: true }), say.number(1), say.number(0));
    case 'strategy.initial_capital':
      return capitalOf(say, quote, capital);
    case 'strategy.netprofit': {
      const [equity, open] = ['equity', 'position.pnl'].map((word) => say.word(word, { kind: 'number', unit: MONEY, usesAccount: true }));
      return say.sum('-', say.sum('-', equity!, open!), capitalOf(say, quote, capital));
    }
    case 'syminfo.mintick':
      return say.word('1 tick', { kind: 'number', unit: PRICE, rate: 'const' });
    case 'syminfo.pointvalue':
      return say.number(1);
    case 'syminfo.ticker':
    case 'syminfo.tickerid':
      return say.text('');
    case 'syminfo.currency':
      return say.text(quote);
    case 'syminfo.basecurrency':
      return say.text(base);
    case 'syminfo.timezone':
      return say.text('syminfo.timezone');
    case 'syminfo.prefix':
    case 'syminfo.root':
    case 'syminfo.type':
    case 'syminfo.description':
      return say.text(`${name} of ${market}`);
    default:
      return null;
  }
}

const capitalOf = (say: SaidBuilder, quote: string, capital: number): Said =>
  say.word(`${capital} ${quote}`, { kind: 'number', unit: MONEY, rate: 'const' });

const constant = (name: string, say: SaidBuilder): Said => (name.startsWith('color.') ? say.color() : say.text(name));

const DAY_MS = 86_400_000;

function timeframeName(name: string, say: SaidBuilder, { timeframe: { stepMs, unit, count } }: ImportTarget): Said | null {
  switch (name) {
    case 'timeframe.period':
      return say.text('');
    case 'timeframe.isintraday':
    case 'timeframe.isminutes':
      return say.truth(stepMs < DAY_MS);
    case 'timeframe.isseconds':
      return say.truth(stepMs < 60_000);
    case 'timeframe.isdwm':
      return say.truth(stepMs >= DAY_MS);
    case 'timeframe.isdaily':
      return say.truth(unit === 'd');
    case 'timeframe.isweekly':
      return say.truth(unit === 'w');
    case 'timeframe.ismonthly':
      return say.truth(unit === 'mo');
    case 'timeframe.multiplier':
      return say.number(stepMs < DAY_MS ? stepMs / 60_000 : count);
    default:
      return null;
  }
}

/** Strategies decide at closes: every bar that they see is confirmed and new. */
function barState(name: string, say: SaidBuilder): Said | null {
  switch (name) {
    case 'barstate.isconfirmed':
    case 'barstate.isnew':
    case 'barstate.ishistory':
      return say.yes;
    case 'barstate.isrealtime':
    case 'barstate.islast':
    case 'barstate.islastconfirmedhistory':
      return say.no;
    case 'barstate.isfirst':
      return say.compare('==', say.word('bar_index', { kind: 'number', unit: BARS }), say.number(0));
    default:
      return null;
  }
}

export function own<T>(table: Readonly<Record<string, T>>, name: string): T | null {
  return Object.hasOwn(table, name) ? table[name]! : null;
}
