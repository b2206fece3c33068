import { closedObjectOf, epochMs, type JsonSchema, listOf, objectOf, text } from './json-schema.ts';

/** What `check` and `format` take. */
export interface SourceBody {
  readonly source: string;
}

/** What tools take that look at a strategy of the bot. */
interface StrategyBody {
  readonly strategy: string;
  /** One that it trades; left out: its first. */
  readonly market?: string;
}
export type EvalBody = StrategyBody & { readonly expressions: readonly string[]; readonly last?: number };
export type ExplainBody = StrategyBody & { readonly at: number };
export type DiffBody = Pick<StrategyBody, 'strategy'> & SourceBody;

/** Of the source of a strategy; its characters may take several bytes each. */
export const MAX_SOURCE_LENGTH = 262_144;
export const MAX_EXPRESSIONS = 20;
/** Newest bars of an answer of eval. */
const MAX_BARS = 10_000;

const SOURCE: JsonSchema<string> = { type: 'string', maxLength: MAX_SOURCE_LENGTH, description: 'text of a .strat file' };
const STRATEGY: JsonSchema<string> = { type: 'string', minLength: 1, maxLength: 200, description: 'id of a strategy that the bot runs' };
const MARKET: JsonSchema<string> = { ...text('one that the strategy trades; left out: its first'), maxLength: 200 };
const EXPRESSION: JsonSchema<string> = { type: 'string', minLength: 1, maxLength: 10_000, description: 'rsi(close, 14)' };

export const SOURCE_BODY: JsonSchema<SourceBody> = closedObjectOf<SourceBody>({ source: SOURCE });

export const EVAL_BODY: JsonSchema<EvalBody> = {
  ...closedObjectOf<Required<EvalBody>>({
    strategy: STRATEGY,
    market: MARKET,
    expressions: listOf(EXPRESSION, `1 to ${MAX_EXPRESSIONS} expressions`),
    last: { type: 'integer', minimum: 1, maximum: MAX_BARS, description: 'how many of the newest bars; left out: 20' },
  }),
  required: ['strategy', 'expressions'],
};

export const EXPLAIN_BODY: JsonSchema<ExplainBody> = {
  ...closedObjectOf<Required<ExplainBody>>({
    strategy: STRATEGY,
    market: MARKET,
    at: epochMs('a moment inside of a bar, ms since the epoch, UTC'),
  }),
  required: ['strategy', 'at'],
};

export const DIFF_BODY: JsonSchema<DiffBody> = closedObjectOf<DiffBody>({ strategy: STRATEGY, source: SOURCE });

/** The documents of `strat ... --json`, docs/http.md says where each is described. */
export const TOOL_ANSWER: JsonSchema<{ readonly schema: string }> = objectOf<{ readonly schema: string }>({
  schema: text('strat.explain/1 and the like'),
});
