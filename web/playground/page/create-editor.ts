import { closeBrackets, closeBracketsKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { bracketMatching } from '@codemirror/language';
import { type Diagnostic, lintGutter, lintKeymap, setDiagnostics } from '@codemirror/lint';
import { EditorState, StateEffect, StateField } from '@codemirror/state';
import {
  Decoration,
  type DecorationSet,
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
} from '@codemirror/view';
import type { FoundFinding, Inspection, LookSpan, WordLook } from '../messages.ts';
import { editorHelp, type EditorHelp } from './editor-help.ts';
import { EDITOR_LOOK } from './editor-look.ts';

/** The editor of the page. */
export interface StrategyEditor {
  /** Takes a text that did not come from here; undo brings the old one back. */
  readonly show: (text: string) => void;
  /** Colours and underlines, of the text that was looked at: what no longer fits it is left out. */
  readonly inspect: (inspection: Inspection) => void;
  /** Puts the cursor at a finding. */
  readonly goTo: (finding: FoundFinding) => void;
  readonly remove: () => void;
}

const setLooks = StateEffect.define<readonly LookSpan[]>();
const markOf = (look: WordLook): Decoration => Decoration.mark({ class: `look-${look}` });
const MARKS: Readonly<Record<WordLook, Decoration>> = {
  keyword: markOf('keyword'),
  word: markOf('word'),
  function: markOf('function'),
  number: markOf('number'),
  text: markOf('text'),
  market: markOf('market'),
  comment: markOf('comment'),
  sign: markOf('sign'),
};

const looks = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(shown, { changes, effects, newDoc }) {
    let next = shown.map(changes);
    for (const effect of effects) {
      if (!effect.is(setLooks)) continue;
      const inside = effect.value.filter(([from, to]) => from < to && to <= newDoc.length);
      next = Decoration.set(inside.map(([from, to, look]) => MARKS[look].range(from, to)));
    }
    return next;
  },
  provide: (field) => EditorView.decorations.from(field),
});

/**
 * An editor in `box`, in a shadow tree: there it may bring its styles without the page's policy allowing any that are not its own.
 * @param changed hears the text whenever the reader has changed it
 */
export function createEditor(box: HTMLElement, text: string, help: EditorHelp, changed: (text: string) => void): StrategyEditor {
  const root = box.shadowRoot ?? box.attachShadow({ mode: 'open' });
  let isShowing = false;
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: text,
      extensions: [
        lineNumbers(),
        highlightActiveLineGutter(),
        highlightActiveLine(),
        history(),
        drawSelection(),
        bracketMatching(),
        closeBrackets(),
        lintGutter(),
        EditorView.lineWrapping,
        looks,
        EDITOR_LOOK,
        editorHelp(help),
        EditorState.tabSize.of(2),
        EditorView.contentAttributes.of({ 'aria-label': 'Strategy', spellcheck: 'false', autocapitalize: 'off' }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged && !isShowing) changed(update.state.doc.toString());
        }),
        keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...historyKeymap, ...lintKeymap]),
      ],
    }),
  });

  return {
    show(next) {
      if (next === view.state.doc.toString()) return;
      isShowing = true;
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: next } });
      isShowing = false;
    },
    inspect({ looks: spans, findings }) {
      const { length } = view.state.doc;
      const inside = findings.filter(({ to }) => to <= length).map(diagnosticOf);
      view.dispatch({ effects: setLooks.of(spans) }, setDiagnostics(view.state, inside));
    },
    goTo({ from, to }) {
      const { length } = view.state.doc;
      view.dispatch({ selection: { anchor: Math.min(from, length), head: Math.min(to, length) }, scrollIntoView: true });
      view.focus();
    },
    remove: () => view.destroy(),
  };
}

const SEVERITIES = { error: 'error', warning: 'warning', note: 'info' } as const;

function diagnosticOf({ from, to, severity, code, message, hint }: FoundFinding): Diagnostic {
  return { from, to, severity: SEVERITIES[severity], source: code, message: hint === null ? message : `${message}\n${hint}` };
}
