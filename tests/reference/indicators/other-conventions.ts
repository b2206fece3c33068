/**
 * Conventions of other programs, written in the language: with these lines in a strategy its values are those of the other program from the first one on.
 * By the words that say what they are.
 */
export const OTHER_CONVENTIONS: Readonly<Record<string, string>> = {
  'An exponential average that starts with the first value (StockCharts, pandas ewm, Skender for what it smooths twice)': `def ema_from_first(source, length: length) {
  let line = if source is na then line[1] else line[1] + (source - line[1]) * 2 / (length + 1) start source
  return line
}`,
  "Wilder's average that starts with the first value (pandas ewm)": `def rma_from_first(source, length: length) {
  let line = if source is na then line[1] else line[1] + (source - line[1]) / length start source
  return line
}`,
  'The average true range of TA-Lib, R TTR, Skender and Tulip: the first bar does not count': `def atr_from_second(length: length) = rma(if bar_index == 0 then na else tr, length)`,
  "Wilder's sum as TA-Lib and R TTR start it: with length - 1 values, which become length": `def wilder_sum(source, length: length) {
  let first = if source is na then na else sum(source, max(length - 1, 1))
  let begun = first[1] is not na
  let total = if begun then total[1] - total[1] / length + source else first start first
  return total
}`,
  'Directional movement of TA-Lib and R TTR, the index that is made of it, and its average': `def plus_dm(length: length) =
  wilder_sum(if bar_index == 0 then na else if high - high[1] > low[1] - low then max(high - high[1], 0) else 0, length)
def minus_dm(length: length) =
  wilder_sum(if bar_index == 0 then na else if low[1] - low > high - high[1] then max(low[1] - low, 0) else 0, length)
def plus_di(length: length) = 100 * plus_dm(length) / wilder_sum(if bar_index == 0 then na else tr, length)
def minus_di(length: length) = 100 * minus_dm(length) / wilder_sum(if bar_index == 0 then na else tr, length)
def dx_of_sums(length: length) =
  if plus_dm(length) + minus_dm(length) == 0 then 0
  else 100 * abs(plus_dm(length) - minus_dm(length)) / (plus_dm(length) + minus_dm(length))
def adx_of_sums(length: length) = rma(if bar_index < length then na else dx_of_sums(length), length)`,
};

export const CONVENTION_LINES: readonly string[] = Object.values(OTHER_CONVENTIONS).flatMap((text) => text.split('\n'));
