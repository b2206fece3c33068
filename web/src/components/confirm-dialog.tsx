import type { Command } from './command-desk.tsx';
import { Modal } from './modal.tsx';

const TEXTS = {
  flatten: {
    title: 'Flatten',
    effect: 'Closes the open position at the next open of the market, and pauses: no new entries until you resume.',
  },
  stop: {
    title: 'Stop',
    effect:
      'Ends the strategy after the step it is in. An open position stays open, and on paper its stop is no longer watched. To close the position first, use Flatten.',
  },
} as const;

/** Asks before what cannot be taken back. The safe answer has the focus. */
export function ConfirmDialog({ command, answer }: { readonly command: Command; readonly answer: (yes: boolean) => void }) {
  const { title, effect } = command.name === 'flatten' ? TEXTS.flatten : TEXTS.stop;
  return (
    <Modal title={`${title} ${command.label}?`} cancel={() => answer(false)}>
      <p>{effect}</p>
      <div className="modal-buttons">
        <button type="button" onClick={() => answer(false)}>
          Cancel
        </button>
        <button type="button" className="danger" onClick={() => answer(true)}>
          {title}
        </button>
      </div>
    </Modal>
  );
}
