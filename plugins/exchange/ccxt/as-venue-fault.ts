import { VenueFault, type VenueFaultKind } from 'strat/ports/venue-fault';

/** Classes of ccxt's errors, the more special one first. */
const KINDS: readonly (readonly [name: string, kind: VenueFaultKind])[] = [
  ['RateLimitExceeded', 'busy'],
  ['DDoSProtection', 'busy'],
  ['OnMaintenance', 'maintenance'],
  ['InvalidNonce', 'unreachable'],
  ['NetworkError', 'unreachable'],
  ['BadResponse', 'garbled'],
  ['OperationFailed', 'unreachable'],
  ['RestrictedLocation', 'forbidden'],
  ['AuthenticationError', 'forbidden'],
  ['NotSupported', 'unsupported'],
  ['ArgumentsRequired', 'unsupported'],
  ['BaseError', 'refused'],
];
const MAX_REASON = 200;

/**
 * What ccxt threw, as a fault that says what to do. ccxt lets other errors through as well: a TypeError means that it could not read the answer.
 */
export function asVenueFault(error: unknown): VenueFault {
  if (error instanceof VenueFault) return error;
  const classes = classNames(error);
  // ccxt's word for an answer that it knows nothing of: a code that is new to it, or half of an envelope.
  if (classes[0] === 'ExchangeError') return new VenueFault('garbled', said(error), { cause: error });
  const kind = KINDS.find(([name]) => classes.includes(name))?.[1];
  if (kind !== undefined) return new VenueFault(kind, said(error), { cause: error });
  return new VenueFault('garbled', `its answer cannot be read (${said(error)})`, { cause: error });
}

function classNames(error: unknown): readonly string[] {
  const names: string[] = [];
  for (let at: unknown = error; typeof at === 'object' && at !== null; at = Object.getPrototypeOf(at)) {
    const { constructor } = at;
    if (typeof constructor === 'function') names.push(constructor.name);
  }
  return names;
}

/** Without what could move a terminal, and not too long: it is a venue's text. */
function said(error: unknown): string {
  const text = (error instanceof Error ? error.message : String(error)).replace(/[\p{C}\s]+/gu, ' ').trim();
  return text.length > MAX_REASON ? `${text.slice(0, MAX_REASON)}...` : text;
}
