import type { FindingCode } from '../finding.ts';

/** `error`: no backtest should use it. `warning`: it changes results. `note`: to know about. */
export type QualitySeverity = 'error' | 'warning' | 'note';

export const REPAIRS = {
  'drop-bad-rows': 'leaves out rows that cannot be read, and those with a price or volume that is none',
  sort: 'puts bars into the order of time',
  'drop-duplicates': 'of bars of one time keeps the last one of the file',
  'fix-high-low': 'raises high to the higher of open and close, lowers low to the lower of them',
  'drop-off-grid': 'leaves out bars that do not open on the grid of the timeframe',
  'drop-spikes': 'leaves out bars whose price left and came back',
  'drop-outside':
    'leaves out bars at times at which the calendar has the market closed, and those before and behind the session of an exchange',
  'adjust-split': 'divides the prices before a split by its ratio, and multiplies the volumes',
  'drop-partial': 'leaves out a last bar that had not ended',
  'fill-flat': 'puts bars of the last close with volume 0 where bars are missing',
} as const;
/** In the order in which they are applied, whatever the order in which they are asked for. */
export type RepairName = keyof typeof REPAIRS;

export type QualityCode =
  | FindingCode
  | 'bad-message'
  | 'sequence-break'
  | 'no-snapshot'
  | 'crossed-book'
  | 'closed-market'
  | 'no-quote'
  | 'extended-hours'
  | 'split'
  | 'spike'
  | 'jump'
  | 'wick'
  | 'volume-outlier'
  | 'stale'
  | 'source-shifted'
  | 'source-scaled'
  | 'source-differs'
  | 'source-stuck'
  | 'source-volume'
  | 'source-missing';

interface QualityRule {
  readonly severity: QualitySeverity;
  readonly effect: string;
  readonly repair: RepairName | null;
}

const rule = (severity: QualitySeverity, repair: RepairName | null, effect: string): QualityRule => ({ severity, repair, effect });

/** What each finding means. docs/data.md has a row for each; the order is that in which findings of one severity are shown. */
export const QUALITY_RULES: Readonly<Record<QualityCode, QualityRule>> = {
  'newest-first': rule('error', 'sort', 'a look into the future'),
  'time-back': rule('error', 'sort', 'a look into the future'),
  'duplicate-time': rule('error', 'drop-duplicates', 'trades are counted twice'),
  'future-time': rule('error', null, 'made-up or wrongly dated bars are traded'),
  'time-unit': rule('error', 'drop-bad-rows', 'bars stand in the wrong century'),
  'bad-time': rule('error', 'drop-bad-rows', 'bars stand in the wrong place'),
  'column-count': rule('error', 'drop-bad-rows', 'prices stand in the wrong column'),
  'bad-number': rule('error', 'drop-bad-rows', 'a hole in every indicator'),
  'not-finite': rule('error', 'drop-bad-rows', 'spreads through every average after it'),
  'bad-price': rule('error', 'drop-bad-rows', 'returns of -100 % or without meaning'),
  'bad-volume': rule('error', 'drop-bad-rows', 'averages of volume without meaning'),
  'out-of-range': rule('error', 'drop-bad-rows', 'sums overflow or lose all digits'),
  'high-too-low': rule('error', 'fix-high-low', 'stops and targets fill where no trade was'),
  'low-too-high': rule('error', 'fix-high-low', 'stops and targets fill where no trade was'),
  'timeframe-mismatch': rule('error', null, 'lengths, fees and metrics are those of another scale'),
  'bad-message': rule('error', null, 'changes of the book are lost'),
  'sequence-break': rule('error', null, 'the book is wrong from here to the next snapshot: fills at levels that were gone'),
  'no-snapshot': rule('error', null, 'nobody knows the levels that did not change'),
  'crossed-book': rule('warning', null, 'spreads below zero: orders fill at prices that were no market'),
  split: rule('warning', 'adjust-split', 'a loss or gain that no holder had; give --factors, or adjust the prices'),
  spike: rule('warning', 'drop-spikes', 'stops, targets and limit orders fill at a price that was likely no market'),
  'source-shifted': rule('warning', null, 'one of the two has times of the close, or of another zone: a look into the future, or late'),
  'source-scaled': rule('warning', null, 'one is adjusted or in another unit: levels and costs do not agree'),
  'source-differs': rule('warning', null, 'results depend on which of the two is used'),
  'source-stuck': rule(
    'warning',
    null,
    'a feed that stood still: orders fill at prices that were gone elsewhere, or the venue had an outage',
  ),
  'source-volume': rule('warning', null, 'sums and means by volume are those of the venue with the larger unit alone'),
  'source-missing': rule('note', null, 'one of them has gaps that the other can fill'),
  'shifted-week': rule('warning', null, 'dates of the close stand in the place of the open'),
  'off-grid': rule('warning', 'drop-off-grid', 'longer timeframes put them into the bar they end in; often a wrong time zone'),
  gaps: rule('warning', 'fill-flat', 'no bar is invented: windows reach further back, orders wait for the next bar'),
  'closed-market': rule('warning', 'drop-outside', 'trades happen when the market is closed; or the calendar or the time zone is another'),
  stale: rule('warning', null, 'a feed that stood still: orders fill at prices that nobody quoted'),
  sparse: rule('warning', null, 'lengths of windows mean other times than the timeframe says'),
  'partial-last': rule('warning', 'drop-partial', 'the last signal may be one that the finished bar would not have given'),
  'time-zone': rule('warning', null, 'times are read as UTC: wrong by the hours of the true zone'),
  'no-quote': rule('note', 'fill-flat', 'as gaps, of a minute or a few in which nothing happened: windows reach as much further back'),
  'extended-hours': rule('note', 'drop-outside', 'thin trade with wide spreads, and indicators over it: drop-outside leaves the session'),
  jump: rule('note', null, 'a move that stays: a real event, or the begin of another series; look at it'),
  wick: rule('note', null, 'stops fill at the far end of one bar; look whether another source has it'),
  'volume-outlier': rule('note', null, 'rules on volume see an event; the sum of a day is mostly this bar'),
  'zero-volume': rule('note', null, 'an outage or a source without volumes: rules on volume say nothing there'),
  'empty-volume': rule('note', null, 'they count as 0'),
  'no-volume': rule('note', null, 'every volume counts as 0'),
  'read-as': rule('note', null, 'bars are other ones than meant, if it is not so'),
};
