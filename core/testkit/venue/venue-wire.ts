import type { VenueFaultName } from './fault-plan.ts';
import type { VenueTruth } from './venue-truth.ts';

export interface WireRequest {
  readonly path: string;
  readonly query: URLSearchParams;
}

export interface WireSources {
  readonly truth: VenueTruth;
  /** Of the market that is not traded any more. */
  readonly delisted: VenueTruth;
  readonly nowMs: number;
  /** Most bars in one answer, where the venue has no limit of its own that says more. */
  readonly barLimit: number;
  /** Answers hold only what lies in so many bars from where they are asked: as some venues do, not Binance. */
  readonly isWindowed: boolean;
  /** How long behind its end a bar is there for the first time, ms, by its open; null: from its first moment on. Of wires that know it: Binance's. */
  readonly lateMs: (openMs: number) => number | null;
}

export type WireRow = Record<string, unknown> | unknown[];

/** Where the rows of an answer have what lies are told about. */
export interface RowFields {
  readonly time: string | number;
  /** A time as this wire writes it, and back. */
  readonly written: (timeMs: number) => unknown;
  readonly read: (value: unknown) => number;
  /** A price, or the rate. */
  readonly price: string | number;
  /** Of bars. */
  readonly high?: string | number;
  /** Of rows that say what they are of, and the name of another market. */
  readonly market?: { readonly key: string; readonly other: string };
}

/** Rows of an answer, as they go over the wire, and what goes around them. */
export interface WireRows {
  readonly kind: 'bars' | 'trades' | 'funding';
  readonly rows: readonly WireRow[];
  readonly fields: RowFields;
  readonly wrap: (rows: readonly WireRow[]) => unknown;
}

/** An answer that is no list of rows. */
export interface WireFact {
  readonly kind: 'fact';
  readonly json: unknown;
  readonly status?: number;
}

export type WireAnswer = WireRows | WireFact;

/** A refusal in the words of a venue. */
export interface WireRefusal {
  readonly status: number;
  readonly body: string;
}

/** How one venue speaks: paths, envelopes, pages, errors. What there is to tell comes from the truth. */
export interface VenueWire {
  /** As ccxt calls the venue. */
  readonly venue: string;
  /** Null: it has none. */
  readonly markets: { readonly spot: string; readonly perpetual: string | null; readonly delisted: string | null };
  /** It gives the newest so many bars and none before; null: all. */
  readonly newestBars: number | null;
  /** What ccxt's class needs to come to this address. */
  readonly urls: (address: string) => Readonly<Record<string, unknown>>;
  /** Null: there is no such path. */
  readonly answer: (request: WireRequest, sources: WireSources) => WireAnswer | null;
  /** Faults that this venue words otherwise than by the status alone. */
  readonly refusals: Partial<Readonly<Record<VenueFaultName, WireRefusal>>>;
}
