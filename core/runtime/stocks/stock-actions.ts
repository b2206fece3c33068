import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { sessionDays } from '#core/data/calendar/session-clock.ts';
import { dayOn, UTC_CLOCK, type ZoneClock } from '#core/data/calendar/zone-clock.ts';
import { type CorporateAction, parseFactors } from '#core/data/stocks/factor-file.ts';
import { StratError } from '#core/errors/strat-error.ts';
import { readRegularFile } from '#core/files/regular-file.ts';
import type { Columns } from '#core/model/columns.ts';
import { hasWholeDays, type Timeframe } from '#core/model/timeframe.ts';
import type { Program } from '#dsl/program.ts';

const DAY_MS = 86_400_000;
/** Far more than a stock has had dividends. */
const MAX_KB = 1024;
/** Closes of the file and of the candles are of one stock, and both unadjusted, if they are as near as this. */
const SAME_PRICE = 0.05;

/** Splits and dividends of the traded stock by the bar before whose open they are, and where they come from. */
export interface StockActions {
  readonly name: string;
  readonly sha256: string;
  readonly byBar: ReadonlyMap<number, CorporateAction>;
}

interface FactorFile {
  readonly name: string;
  readonly sha256: string;
  /** Oldest first. */
  readonly actions: readonly CorporateAction[];
}

function readFactorFile(path: string): FactorFile {
  const name = basename(path).replace(/\p{C}/gu, '?');
  const bytes = readRegularFile(path, { maxKb: MAX_KB });
  if (!bytes.ok) throw new StratError('FILE_UNREADABLE', { file: name, reason: bytes.error });
  const actions = parseFactors(bytes.value.toString('utf8'));
  if (!actions.ok) throw new StratError('DATA_FACTORS', { file: name, reason: actions.error });
  return { name, sha256: createHash('sha256').update(bytes.value).digest('hex'), actions: actions.value };
}

/**
 * Reads the factor file of a stock and finds the bars before which something happened.
 * @throws StratError FILE_UNREADABLE, DATA_FACTORS
 */
export function loadStockActions(
  path: string,
  { columns, timeframe }: { readonly columns: Columns; readonly timeframe: Timeframe },
  sessions: Program['sessions'],
): StockActions {
  const file = readFactorFile(path);
  if (timeframe.stepMs > DAY_MS)
    throw refused(file, `splits and dividends lie inside of bars of ${timeframe.name}; run on bars of a day or less`);
  // A bar of a day carries the date of its session, wherever that is.
  const clock = !hasWholeDays(timeframe) && sessions.length === 1 ? sessionDays(sessions[0]!).clock : UTC_CLOCK;
  return { name: file.name, sha256: file.sha256, byBar: actionsByBar(file, columns, clock) };
}

function actionsByBar(file: FactorFile, { time, close }: Columns, clock: ZoneClock): ReadonlyMap<number, CorporateAction> {
  const byBar = new Map<number, CorporateAction>();
  let bar = 0;
  for (const action of file.actions) {
    while (bar < time.length && dayOn(clock, time[bar]!) <= action.day) bar++;
    if (bar === 0 || bar === time.length) continue;
    checkPrice(file, action, close[bar - 1]!);
    const before = byBar.get(bar);
    byBar.set(bar, before === undefined ? action : joined(before, action));
  }
  return byBar;
}

/** Two actions with no bar between them: what is paid is paid for each share of before the first. */
function joined(first: CorporateAction, second: CorporateAction): CorporateAction {
  return {
    day: second.day,
    dividend: first.dividend + first.ratio * second.dividend,
    ratio: first.ratio * second.ratio,
    priceFactor: first.priceFactor * second.priceFactor,
    reference: first.reference,
  };
}

/** Candles that are adjusted already would be adjusted twice. */
function checkPrice(file: FactorFile, { day, reference }: CorporateAction, close: number): void {
  // Files write 0 and 1 where they know no price.
  if (reference <= 1 || Math.abs(close / reference - 1) <= SAME_PRICE) return;
  const date = new Date(day * DAY_MS).toISOString().slice(0, 10);
  throw refused(
    file,
    `on ${date} it knows a close of ${reference}, and the candles one of ${close}: they are adjusted already, or of another stock`,
  );
}

const refused = ({ name }: Pick<FactorFile, 'name'>, reason: string): StratError => new StratError('DATA_FACTORS', { file: name, reason });
