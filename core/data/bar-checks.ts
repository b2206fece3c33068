import type { ColumnName } from '#core/model/columns.ts';
import type { FindingLog } from './finding.ts';
import { shown } from './finding.ts';

/** Prices beyond these would leave the range in which sums and quotients of doubles are trusted. */
const MIN_PRICE = 1e-15;
const MAX_PRICE = 1e15;
const MAX_VOLUME = 1e20;

const PRICES = ['open', 'high', 'low', 'close'] as const satisfies readonly ColumnName[];
const iso = (time: number): string => (Math.abs(time) < 8.64e15 ? new Date(time).toISOString() : String(time));

/** Whether nothing is wrong with the numbers of a bar. Written so that NaN fails each comparison. */
export const isSoundBar = (open: number, high: number, low: number, close: number, volume: number): boolean =>
  low >= MIN_PRICE &&
  high <= MAX_PRICE &&
  high >= open &&
  high >= close &&
  low <= open &&
  low <= close &&
  volume >= 0 &&
  volume <= MAX_VOLUME;

/** Checks of single bars and of their order, while a file is read. */
export class BarChecks {
  readonly #log: FindingLog;
  #lastTime = NaN;
  #lastLine = 0;
  #times = 0;
  #timesBack = 0;

  constructor(log: FindingLog) {
    this.#log = log;
  }

  /** Logs a time that is not after the one before. */
  time(line: number, time: number): void {
    if (time < this.#lastTime) {
      this.#timesBack++;
      this.#log.error(
        'time-back',
        line,
        `time goes back: ${iso(time)} after ${iso(this.#lastTime)} on line ${this.#lastLine}`,
        'Sort the file by time, oldest first',
      );
    } else if (time === this.#lastTime) {
      this.#log.error('duplicate-time', line, `${iso(time)} is there twice, also on line ${this.#lastLine}`, 'Keep one of the two bars');
    }
    this.#times++;
    this.#lastTime = time;
    this.#lastLine = line;
  }

  /** Logs what is wrong with the numbers of a bar; true when nothing is. `text` gives a field as written. */
  values(
    line: number,
    open: number,
    high: number,
    low: number,
    close: number,
    volume: number,
    text: (name: ColumnName) => string,
  ): boolean {
    if (isSoundBar(open, high, low, close, volume)) return true;
    let readable = true;
    for (const name of PRICES) readable = this.#price(line, name, { open, high, low, close }[name], text(name)) && readable;
    readable = this.#volume(line, volume, text('volume')) && readable;
    if (!readable) return false;
    const hint = 'Check it at the source of the data, then correct or remove the bar';
    if (high < Math.max(open, close)) {
      this.#log.error('high-too-low', line, `high ${high} is below ${open > close ? 'open' : 'close'} ${Math.max(open, close)}`, hint);
    }
    if (low > Math.min(open, close)) {
      this.#log.error('low-too-high', line, `low ${low} is above ${open < close ? 'open' : 'close'} ${Math.min(open, close)}`, hint);
    }
    return false;
  }

  /** To be called after the last line. */
  finish(): void {
    if (this.#timesBack < 2 || this.#timesBack !== this.#times - 1) return;
    this.#log.replaceErrors('time-back', this.#timesBack, {
      code: 'newest-first',
      severity: 'error',
      line: 3,
      count: this.#timesBack,
      message: 'the newest bar comes first',
      hint: 'Turn the file round: oldest first',
    });
  }

  #price(line: number, name: ColumnName, value: number, text: string): boolean {
    if (!this.#number(line, name, value, text)) return false;
    if (value <= 0) {
      this.#log.error('bad-price', line, `${name} is ${value}, not above 0`, 'Correct or remove the bar: a price of 0 or less is no trade');
    } else if (value < MIN_PRICE || value > MAX_PRICE) {
      this.#log.error('out-of-range', line, `${name} is ${value}, outside ${MIN_PRICE} to ${MAX_PRICE}`, 'Correct or remove the bar');
    } else {
      return true;
    }
    return false;
  }

  #volume(line: number, value: number, text: string): boolean {
    if (!this.#number(line, 'volume', value, text)) return false;
    if (value < 0) this.#log.error('bad-volume', line, `volume is ${value}, below 0`, 'Correct it, or leave it empty');
    else if (value > MAX_VOLUME)
      this.#log.error('out-of-range', line, `volume is ${value}, above ${MAX_VOLUME}`, 'Correct it, or leave it empty');
    else return true;
    return false;
  }

  #number(line: number, name: ColumnName, value: number, text: string): boolean {
    if (Number.isFinite(value)) return true;
    if (/^[+-]?(?:nan|inf(?:inity)?)$/i.test(text) || !Number.isNaN(value)) {
      this.#log.error('not-finite', line, `${name} is ${shown(text)}, which is not finite`, 'Correct or remove the bar');
    } else {
      const reason = text === '' ? `${name} is empty` : `${name} is ${shown(text)}, which is no decimal number`;
      this.#log.error('bad-number', line, reason, 'Write it as in 1234.56, without separators of thousands');
    }
    return false;
  }
}
