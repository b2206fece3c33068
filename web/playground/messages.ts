import type { MetricTexts } from '#core/runtime/playground/metric-texts.ts';
import type { MovedParam } from '#core/runtime/playground/param-texts.ts';
import type { PlaygroundRequest } from '#core/runtime/playground/playground-request.ts';
import type { PlaygroundRun } from '#core/runtime/playground/run-playground.ts';
import type { DiagnosticJson } from '#dsl/diagnostics/diagnostic-json.ts';
import type { Completion } from '#dsl/tools/language-server/completion.ts';
import type { Hover } from '#dsl/tools/language-server/hover.ts';
import type { ProgramParam } from '#dsl/program.ts';

/** What the page asks of its worker, and what it gets. Offsets are UTF-16 code units from 0, as the editor counts. */
export interface Questions {
  /** The words of a text, and what is wrong with it. */
  readonly inspect: { readonly ask: { readonly text: string }; readonly answer: Inspection };
  /** What may stand at an offset, and what the word under it is. */
  readonly complete: { readonly ask: TextPlace; readonly answer: Completion };
  readonly hover: { readonly ask: TextPlace; readonly answer: Hover | null };
  readonly format: { readonly ask: { readonly text: string }; readonly answer: { readonly text: string | null } };
  readonly run: {
    readonly ask: { readonly request: Omit<PlaygroundRequest, 'set'>; readonly moved: readonly MovedParam[] };
    readonly answer: RunAnswer;
  };
}

export type Question = keyof Questions;

export interface TextPlace {
  readonly text: string;
  readonly at: number;
}

/** How a word is coloured. */
export type WordLook = 'keyword' | 'word' | 'function' | 'number' | 'text' | 'market' | 'comment' | 'sign';

/** `from`, `to`, look. */
export type LookSpan = readonly [from: number, to: number, look: WordLook];

export interface FoundFinding extends DiagnosticJson {
  readonly from: number;
  readonly to: number;
}

export interface Inspection {
  readonly looks: readonly LookSpan[];
  readonly findings: readonly FoundFinding[];
  /** null when the text does not compile. */
  readonly params: readonly ShownParam[] | null;
  /** Length of the bars of the strategy: `1h`; null when it does not compile. */
  readonly timeframe: string | null;
}

/** A param, with texts for its values. */
export interface ShownParam extends ProgramParam {
  /** Of `choices`, in their order. */
  readonly choiceTexts: readonly string[];
}

export interface RunAnswer {
  /** null when the strategy does not compile under these values: `findings` say why. */
  readonly run: PlaygroundRun | null;
  readonly findings: readonly FoundFinding[];
  readonly metrics: readonly MetricTexts[];
  /** Texts of the values that were used, by the names of params. */
  readonly values: Readonly<Record<string, string>>;
  /** From the request to the answer, ms. */
  readonly tookMs: number;
}

export interface AskMessage {
  readonly id: number;
  readonly question: Question;
  readonly ask: Questions[Question]['ask'];
}

/** `error`: in words for people. */
export type AnswerMessage =
  | { readonly id: number; readonly ok: true; readonly answer: Questions[Question]['answer'] }
  | { readonly id: number; readonly ok: false; readonly error: string };
