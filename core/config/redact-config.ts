import { isSecretName, REDACTED, redactText } from '#core/errors/redact-text.ts';
import { costTextsOf } from './cost-models.ts';
import type { Config, PluginUse } from './config.ts';

/**
 * A value without its secrets: what stands under a secret-like name or a key of `secrets` is replaced, texts lose what looks like
 * a secret. Maps become plain objects.
 * @param secrets keys that are secret here, nested ones joined with dots
 */
export function redactValue(value: unknown, name = '', secrets: readonly string[] = []): unknown {
  if (value === null || value === undefined) return value;
  if (secrets.includes('') || (name !== '' && isSecretName(name))) return REDACTED;
  if (typeof value === 'string') return redactText(value);
  if (typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map((one: unknown) => redactValue(one, name, secrets));
  const entries: (readonly [string, unknown])[] =
    value instanceof Map ? [...value].map(([key, one]) => [String(key), one]) : Object.entries(value);
  return Object.fromEntries(entries.map(([key, one]) => [key, redactValue(one, key, below(secrets, key))]));
}

/** The secret keys as seen from inside of `key`; the key itself becomes the empty text. */
const below = (secrets: readonly string[], key: string): readonly string[] =>
  secrets.flatMap((path) => (path === key ? [''] : path.startsWith(`${key}.`) ? [path.slice(key.length + 1)] : []));

/** The config in force in the form of the file, as plain data for the endpoint and the log: without secrets, defaults filled in. */
export function redactConfig(config: Config): Readonly<Record<string, unknown>> {
  const item = ({ use, config: own, secrets }: PluginUse): unknown => ({ use, ...Object(redactValue(own, '', secrets)) });
  const { account, costs, http, log, plugins, calendars, exchanges, risk, notifiers, strategies } = config;
  return {
    account: redactValue(account),
    costs: { fee: costs.fee, slippage: costs.slippage, ...costTextsOf(costs) },
    http: redactValue(http),
    log: redactValue(log),
    plugins: redactValue(plugins),
    ...(calendars.size === 0 ? {} : { calendars: redactValue(Object.fromEntries(calendars)) }),
    exchanges: Object.fromEntries(
      [...exchanges].map(([name, use]) => [
        name,
        { ...Object(item(use)), ...(Object.keys(use.costs).length === 0 ? {} : { costs: use.costs }) },
      ]),
    ),
    risk: risk.map(item),
    notifiers: notifiers.map(item),
    strategies: strategies.map(({ id, file, exchange, capital, margin, timeframe, params }) => ({
      id,
      file,
      exchange,
      capital,
      ...margin,
      ...(timeframe === null ? {} : { timeframe }),
      params: redactValue(params),
    })),
  };
}
