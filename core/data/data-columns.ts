import type { MarketColumn } from '#core/model/chart-column.ts';
import type { FindingLog } from './finding.ts';
import { shown } from './finding.ts';
import type { Merging } from './longer-bars.ts';

interface ColumnRule {
  /** Names under which tools export it, lower case; of several in one file the first listed counts. */
  readonly aliases: readonly string[];
  readonly least: number;
  readonly most: number;
  /** What becomes of it in a longer bar. */
  readonly merging: Merging;
}

/** Volumes of the quote currency are summed; of what is a state (a rate, an interest, a spread) the longer bar has the last. */
export const COLUMN_RULES: Readonly<Record<MarketColumn, ColumnRule>> = {
  quote_volume: {
    aliases: ['quote_volume', 'quote volume', 'quotevolume', 'quote_asset_volume', 'quote asset volume', 'turnover'],
    least: 0,
    most: 1e30,
    merging: 'sum',
  },
  funding_rate: { aliases: ['funding_rate', 'funding rate', 'fundingrate'], least: -1, most: 1, merging: 'last' },
  open_interest: { aliases: ['open_interest', 'open interest', 'openinterest'], least: 0, most: 1e20, merging: 'last' },
  spread: { aliases: ['spread'], least: 0, most: 1, merging: 'last' },
  market_cap: {
    aliases: ['market_cap', 'market cap', 'marketcap', 'market_capitalization'],
    least: 0,
    most: 1e30,
    merging: 'last',
  },
};

/** Logs a value that is not one, and says whether it may stay. An empty field is na. */
export function isGoodValue(log: FindingLog, line: number, name: MarketColumn, value: number, text: string): boolean {
  const { least, most } = COLUMN_RULES[name];
  if (value >= least && value <= most) return true;
  if (Number.isFinite(value)) {
    const hint = name === 'spread' ? 'It is a share of the price: 0.0002 for 2 bp' : 'Correct it, or leave it empty';
    log.error('out-of-range', line, `${name} is ${value}, outside ${least} to ${most}`, hint);
  } else if (/^[+-]?(?:nan|inf(?:inity)?)$/i.test(text) || !Number.isNaN(value)) {
    log.error('not-finite', line, `${name} is ${shown(text)}, which is not finite`, 'Correct it, or leave it empty');
  } else {
    log.error('bad-number', line, `${name} is ${shown(text)}, which is no decimal number`, 'Correct it, or leave it empty');
  }
  return false;
}
