import { localTime, utcMinute, utcSecond } from '../format/time-text.ts';

/** A time in UTC; the reader's own on hover. */
export function Moment({ time, seconds = false }: { readonly time: number; readonly seconds?: boolean }) {
  return <time title={localTime(time)}>{seconds ? utcSecond(time) : utcMinute(time)}</time>;
}
