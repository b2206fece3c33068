import { EditorView } from '@codemirror/view';

/** Looks of the editor, in the colours of styles/tokens.css: those reach into its shadow tree, rules do not. */
export const EDITOR_LOOK = EditorView.theme({
  '&': { color: 'var(--ink)', backgroundColor: 'var(--card)', height: '100%', fontSize: '14px' },
  '&.cm-focused': { outline: '2px solid var(--blue)', outlineOffset: '-2px' },
  '.cm-scroller': { fontFamily: 'ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace', lineHeight: '1.5' },
  '.cm-content': { caretColor: 'var(--ink)' },
  '.cm-cursor': { borderLeftColor: 'var(--ink)' },
  '.cm-gutters': { color: 'var(--soft)', backgroundColor: 'var(--back)', borderRight: '1px solid var(--line)' },
  '.cm-activeLine': { backgroundColor: 'var(--blue-soft)' },
  '.cm-activeLineGutter': { backgroundColor: 'var(--blue-soft)', color: 'var(--ink)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'var(--selection)',
  },
  '&.cm-focused .cm-matchingBracket': { backgroundColor: 'var(--good-soft)' },
  '.cm-tooltip': { color: 'var(--ink)', backgroundColor: 'var(--card)', border: '1px solid var(--line)', borderRadius: '6px' },
  '.cm-diagnostic': { whiteSpace: 'pre-line', fontFamily: 'system-ui, sans-serif', padding: '4px 8px' },
  '.cm-diagnosticSource': { color: 'var(--soft)', opacity: '1' },
  '.cm-panels': { color: 'var(--ink)', backgroundColor: 'var(--back)' },
  '.cm-tooltip-autocomplete > ul > li[aria-selected]': { color: 'var(--on-strong)', backgroundColor: 'var(--blue)' },
  '.cm-tooltip-autocomplete .cm-completionDetail': { color: 'inherit', opacity: '0.8', fontStyle: 'normal' },
  '.cm-completionInfo': { whiteSpace: 'pre-line', maxWidth: '36em' },
  '.hover-text': { padding: '6px 10px', maxWidth: '40em', fontFamily: 'system-ui, sans-serif' },
  '.hover-text code': { fontFamily: 'ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace', whiteSpace: 'pre-wrap' },
  '.hover-text p': { margin: '4px 0 0' },
  '.look-keyword': { color: 'var(--blue)', fontWeight: '600' },
  '.look-function': { color: 'var(--purple)' },
  '.look-number': { color: 'var(--good)' },
  '.look-text': { color: 'var(--stop)' },
  '.look-market': { color: 'var(--teal)' },
  '.look-comment': { color: 'var(--soft)', fontStyle: 'italic' },
});
