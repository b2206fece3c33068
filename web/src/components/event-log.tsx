import './event-log.css';
import { useState } from 'react';
import { Moment } from './moment.tsx';
import { usePage } from './session-context.ts';

const SHOWN = 200;

/** What happened, newest first. */
export function EventLog() {
  const log = usePage((page) => page.log);
  const [level, setLevel] = useState('all');
  const lines = (level === 'all' ? log : log.filter((line) => line.level !== 'info')).slice(-SHOWN).toReversed();
  return (
    <section className="card event-log" aria-label="Log">
      <div className="chart-panel-head">
        <h2>Log</h2>
        <select aria-label="Which lines" value={level} onChange={(event) => setLevel(event.target.value)}>
          <option value="all">all lines</option>
          <option value="problems">warnings and errors</option>
        </select>
      </div>
      {lines.length === 0 ? (
        <p className="soft">Nothing yet.</p>
      ) : (
        <div className="event-log-box" role="region" aria-label="Log lines, scrollable" tabIndex={0}>
          <ul>
            {lines.map((line) => (
              <li key={line.id} className={`log-${line.level}`}>
                <Moment time={line.time} seconds />
                {line.level !== 'info' && <span className={`badge level-${line.level}`}>{line.level}</span>}
                {line.strategy !== null && <b>{line.strategy}</b>}
                <span>{line.text}</span>
              </li>
            ))}
          </ul>
        </div>
      )}
    </section>
  );
}
