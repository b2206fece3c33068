import { useEffect, useRef } from 'react';
import { createEditor, type StrategyEditor } from './create-editor.ts';
import { FindingList } from './finding-list.tsx';
import type { PlaygroundSession } from './session.ts';
import { useSlice } from './use-slice.ts';

/** The strategy, and what is wrong with it. */
export function EditorPane({ session }: { readonly session: PlaygroundSession }) {
  const text = useSlice(session, (state) => state.text);
  const inspection = useSlice(session, (state) => state.inspection);
  const box = useRef<HTMLDivElement>(null);
  const editor = useRef<StrategyEditor>(null);
  useEffect(() => {
    if (box.current === null) return;
    const made = createEditor(box.current, session.state.get().text, session.help, session.edit);
    editor.current = made;
    return () => {
      made.remove();
      editor.current = null;
    };
  }, [session]);
  useEffect(() => editor.current?.show(text), [text]);
  useEffect(() => {
    if (inspection !== null) editor.current?.inspect(inspection);
  }, [inspection]);
  return (
    <section className="card editor-pane" aria-label="Strategy">
      <div className="editor-box" ref={box} />
      <FindingList
        findings={inspection?.findings ?? []}
        isChecked={inspection !== null}
        goTo={(finding) => editor.current?.goTo(finding)}
      />
    </section>
  );
}
