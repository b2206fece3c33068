import { autocompletion, type Completion as Option, type CompletionSource } from '@codemirror/autocomplete';
import type { Extension } from '@codemirror/state';
import { type EditorView, hoverTooltip } from '@codemirror/view';
import type { Completion, Proposal, ProposalKind } from '#dsl/tools/language-server/completion.ts';
import type { Hover } from '#dsl/tools/language-server/hover.ts';

/** What the compiler knows of a place in a text; null when there was no answer. */
export interface EditorHelp {
  readonly complete: (text: string, at: number) => Promise<Completion | null>;
  readonly hover: (text: string, at: number) => Promise<Hover | null>;
}

/** The icons of the editor by what a proposal is. */
const TYPES: Readonly<Record<ProposalKind, string>> = {
  keyword: 'keyword',
  statement: 'keyword',
  value: 'variable',
  param: 'constant',
  function: 'function',
  member: 'property',
  argument: 'property',
  state: 'enum',
  market: 'class',
  timeframe: 'constant',
  unit: 'constant',
  setting: 'property',
};
const CURSOR = '$0';

/** Proposals while one types or asks with Ctrl-Space, and what a word is under the pointer. */
export function editorHelp(help: EditorHelp): Extension {
  const source: CompletionSource = async ({ state, pos, explicit }) => {
    const found = await help.complete(state.doc.toString(), pos);
    if (found === null || found.proposals.length === 0) return null;
    const { start } = found.replace;
    // Nobody is helped by a list of everything behind every blank.
    if (!explicit && start === pos && state.sliceDoc(pos - 1, pos) !== '.') return null;
    return { from: start, options: found.proposals.map(optionOf), validFor: /^\w*$/ };
  };
  const tooltip = hoverTooltip(async (view, pos) => {
    const found = await help.hover(view.state.doc.toString(), pos);
    if (found === null) return null;
    const { span, code, lines } = found;
    return { pos: span.start, end: span.end, above: true, create: () => ({ dom: hoverText(code, lines) }) };
  });
  return [autocompletion({ override: [source] }), tooltip];
}

function optionOf({ label, kind, insert, detail, doc, rank }: Proposal): Option {
  return {
    label,
    type: TYPES[kind],
    boost: -rank,
    ...(detail === undefined ? {} : { detail }),
    ...(doc === undefined ? {} : { info: doc }),
    ...(insert === undefined ? {} : { apply: (view, _, from, to) => write(view, insert, from, to) }),
  };
}

/** Writes a text and puts the cursor where it says, else behind it. */
function write(view: EditorView, insert: string, from: number, to: number): void {
  const at = insert.indexOf(CURSOR);
  const text = insert.replace(CURSOR, '');
  view.dispatch({
    changes: { from, to, insert: text },
    selection: { anchor: from + (at < 0 ? text.length : at) },
    userEvent: 'input.complete',
  });
}

function hoverText(code: string, lines: readonly string[]): HTMLElement {
  const box = document.createElement('div');
  box.className = 'hover-text';
  const head = document.createElement('code');
  head.textContent = code;
  box.append(head, ...lines.map((line) => Object.assign(document.createElement('p'), { textContent: line })));
  return box;
}
