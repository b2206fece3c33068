/** `1,091 bars`. */
export const countText = (count: number, one: string, many = `${one}s`): string => `${grouped(count)} ${count === 1 ? one : many}`;

/** 1234567 as `1,234,567`. */
export const grouped = (count: number): string => String(count).replace(/\B(?=(\d{3})+$)/g, ',');

/** `2024-01-31 09:30`, UTC; seconds where there are some. */
export function minuteText(time: number): string {
  const text = new Date(time).toISOString();
  return text.slice(0, time % 60_000 === 0 ? 16 : 19).replace('T', ' ');
}

/** A share as `-38.78 %`. */
export const percentText = (share: number): string => `${share > 0 ? '+' : ''}${(share * 100).toFixed(2)} %`;

/** `12 times`, `0.4 times`. */
export const timesText = (times: number): string => `${times >= 10 ? grouped(Math.round(times)) : times.toFixed(1)} times`;
