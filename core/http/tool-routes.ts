import type { BotControl } from '#core/ports/bot-control.ts';
import type { ToolAnswer, ToolRequest } from '#core/ports/language-tools.ts';
import { refuseMarket, refuseStrategy } from './query-values.ts';
import { type Refusal, refusal, type RefusalCode } from './refusal.ts';
import type { JsonSchema } from './schemas/json-schema.ts';
import { matches, mismatch } from './schemas/schema-check.ts';
import { DIFF_BODY, EVAL_BODY, EXPLAIN_BODY, MAX_EXPRESSIONS, SOURCE_BODY } from './schemas/tool-schemas.ts';

/** A route that runs a tool of the language; it needs the token, since it takes the machine's time. */
export interface ToolRoute {
  readonly path: string;
  readonly summary: string;
  readonly body: JsonSchema;
  /** What a body asks for, or what is wrong with it. */
  readonly ask: (body: unknown, control: BotControl) => ToolRequest | Refusal;
}

/** Newest bars of an answer of eval, where the body does not say. */
const FEW_BARS = 20;

function route<T>(
  path: string,
  summary: string,
  body: JsonSchema<T>,
  ask: (body: T, control: BotControl) => ToolRequest | Refusal,
): ToolRoute {
  return {
    path,
    summary,
    body,
    ask: (value, control) =>
      matches(body, value)
        ? ask(value, control)
        : refusal('BODY_INVALID', `The body is wrong: ${mismatch(body, value)}`, 'See docs/http.md'),
  };
}

export const TOOL_ROUTES: readonly ToolRoute[] = [
  route('/tools/check', 'What is wrong with a source', SOURCE_BODY, ({ source }) => ({ tool: 'check', source })),
  route('/tools/format', 'A source in the one style', SOURCE_BODY, ({ source }) => ({ tool: 'format', source })),
  route(
    '/tools/eval',
    'Values of expressions, with the names of a strategy, on the bars that it has seen',
    EVAL_BODY,
    ({ strategy, market = null, expressions, last = FEW_BARS }, control) => {
      if (expressions.length === 0 || expressions.length > MAX_EXPRESSIONS)
        return refusal('BODY_INVALID', `The body has ${expressions.length} expressions`, `Give 1 to ${MAX_EXPRESSIONS}`);
      return refuseTarget(strategy, market, control) ?? { tool: 'eval', strategy, market, expressions, last };
    },
  ),
  route(
    '/tools/explain',
    'Why a strategy traded, or did not, on a bar that it has seen',
    EXPLAIN_BODY,
    ({ strategy, market = null, at }, control) => refuseTarget(strategy, market, control) ?? { tool: 'explain', strategy, market, at },
  ),
  route(
    '/tools/diff',
    'What another source would have done in the place of a strategy, on the bars that it has seen',
    DIFF_BODY,
    ({ strategy, source }, control) => refuseStrategy(strategy, control) ?? { tool: 'diff', strategy, source },
  ),
];

/** Null when the bot has this strategy, and it this market. */
function refuseTarget(strategy: string, market: string | null, control: BotControl): Refusal | null {
  return refuseStrategy(strategy, control) ?? (market === null ? null : refuseMarket(strategy, market, control));
}

const CODES: Readonly<Record<Extract<ToolAnswer, { readonly ok: false }>['code'], RefusalCode>> = {
  NOT_FOUND: 'STRATEGY_UNKNOWN',
  WRONG: 'TOOL_INPUT',
  BUSY: 'TOOL_BUSY',
  FAILED: 'TOOL_FAILED',
};

/** A tool that gives no document. */
export const refusedTool = ({ code, text, hint }: Extract<ToolAnswer, { readonly ok: false }>): Refusal => refusal(CODES[code], text, hint);
