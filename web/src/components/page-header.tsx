import './page-header.css';
import { duration } from '../format/time-text.ts';
import { ConnectionBadge } from './connection-badge.tsx';
import { useCommand } from './command-desk.tsx';
import { usePage } from './session-context.ts';

const MODES: Readonly<Record<string, string>> = { paper: 'no real money', live: 'REAL MONEY' };

/** Who this is, whether its money is real, how it is, and what can be told to all strategies at once. */
export function PageHeader() {
  const bot = usePage((page) => page.bot);
  const connection = usePage((page) => page.connection);
  const strategies = usePage((page) => page.strategies);
  const run = useCommand();
  const running = strategies.filter((strategy) => strategy.state === 'running').length;
  const synthetic = strategies.some((strategy) => strategy.synthetic);
  const all = { strategy: null, label: 'all strategies' };
  return (
    <header className="page-header">
      <div className="page-header-line">
        <h1>strat</h1>
        {bot !== null && (
          <span className={`mode mode-${bot.mode}`}>
            <strong>{bot.mode.toUpperCase()}</strong>
            {MODES[bot.mode] === undefined ? '' : ` · ${MODES[bot.mode]}`}
          </span>
        )}
        {synthetic && (
          <span className="badge synthetic" title="At least one market is generated: its prices are made up">
            SYNTHETIC
          </span>
        )}
        <ConnectionBadge connection={connection} />
        {strategies.length > 0 && (
          <span className="page-header-state">
            {running} of {strategies.length} running
          </span>
        )}
        {bot !== null && (
          <span className="soft page-header-version">
            version {bot.version}, up {duration(Date.now() - bot.startedAt)}
          </span>
        )}
      </div>
      <div className="page-header-buttons" role="group" aria-label="All strategies">
        <button type="button" onClick={() => run({ name: 'pause', ...all })} disabled={running === 0}>
          Pause all
        </button>
        <button
          type="button"
          onClick={() => run({ name: 'resume', ...all })}
          disabled={!strategies.some(({ state }) => state === 'paused')}
        >
          Resume all
        </button>
        <button type="button" className="danger-line" onClick={() => run({ name: 'flatten', ...all })}>
          Flatten all
        </button>
        <button type="button" className="danger-line" onClick={() => run({ name: 'stop', ...all })}>
          Stop all
        </button>
        <button type="button" onClick={() => run({ name: 'reload', strategy: null, label: 'the config' })}>
          Reload config
        </button>
      </div>
    </header>
  );
}
