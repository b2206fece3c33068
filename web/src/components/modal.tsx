import './modal.css';
import { type ReactNode, useEffect, useId, useRef } from 'react';

interface ModalProps {
  readonly title: string;
  /** Escape, or the dialog closed in any way but an answer. */
  readonly cancel: () => void;
  readonly children: ReactNode;
}

/** A dialog over the page: the browser keeps the focus inside and gives it back afterwards. */
export function Modal({ title, cancel, children }: ModalProps) {
  const box = useRef<HTMLDialogElement>(null);
  const name = useId();
  useEffect(() => {
    const dialog = box.current;
    dialog?.showModal();
    return () => dialog?.close();
  }, []);
  return (
    <dialog
      className="modal"
      ref={box}
      aria-labelledby={name}
      onCancel={(event) => {
        event.preventDefault();
        cancel();
      }}
    >
      <h2 id={name}>{title}</h2>
      {children}
    </dialog>
  );
}
