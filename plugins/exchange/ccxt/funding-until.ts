/**
 * What asks for rates of funding before a time. ccxt's word for it is `until`, which it does not pass on to OKX: there, as by its endpoint's documentation, it is
 * `after`.
 * @param client of ccxt, whose methods are named after the endpoints that it knows
 */
export function fundingUntil(client: object, untilMs: number): Readonly<Record<string, unknown>> {
  const isBackwards = typeof Reflect.get(client, 'publicGetPublicFundingRateHistory') === 'function';
  return isBackwards ? { after: String(untilMs) } : { until: untilMs };
}
