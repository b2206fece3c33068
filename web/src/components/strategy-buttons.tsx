import type { StrategyStatus } from '#core/ports/bot-control.ts';
import { useCommand } from './command-desk.tsx';

/** What can be told to one strategy; what makes no sense in its state is off. */
export function StrategyButtons({ strategy }: { readonly strategy: StrategyStatus }) {
  const run = useCommand();
  const target = { strategy: strategy.id, label: strategy.name };
  const { state } = strategy;
  const alive = state === 'running' || state === 'paused';
  return (
    <div className="buttons" role="group" aria-label={`Commands for ${strategy.name}`}>
      {state === 'paused' ? (
        <button type="button" className="primary" onClick={() => run({ name: 'resume', ...target })}>
          Resume
        </button>
      ) : (
        <button type="button" onClick={() => run({ name: 'pause', ...target })} disabled={state !== 'running'}>
          Pause
        </button>
      )}
      <button type="button" className="danger-line" onClick={() => run({ name: 'flatten', ...target })} disabled={!alive}>
        Flatten
      </button>
      <button type="button" className="danger-line" onClick={() => run({ name: 'stop', ...target })} disabled={!alive}>
        Stop
      </button>
    </div>
  );
}
