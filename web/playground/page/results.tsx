import { TradeList } from '../../src/components/trade-list.tsx';
import { tradeColumns } from '../../src/components/trade-columns.tsx';
import type { RunAnswer } from '../messages.ts';
import { EquityPanel } from './equity-panel.tsx';
import { PricePanel } from './price-panel.tsx';
import { tradesOf } from './run-view.ts';
import type { PlaygroundSession } from './session.ts';
import { useSlice } from './use-slice.ts';

/** Of one strategy on one market two columns would say the same in every row. */
const COLUMNS = tradeColumns(() => '').filter(({ id }) => id !== 'strategy' && id !== 'market');

/** What the last run made. */
export function Results({ session }: { readonly session: PlaygroundSession }) {
  const answer = useSlice(session, (state) => state.answer);
  const problem = useSlice(session, (state) => state.problem);
  const isStale = useSlice(session, (state) => state.isStale);
  const run = answer?.run ?? null;
  return (
    <div className="results" aria-busy={isStale}>
      {problem !== null && (
        <section className="card problems" role="alert">
          <p className="problem-text">{problem}</p>
        </section>
      )}
      {answer === null || run === null ? (
        problem === null && (
          <p className="card empty soft" role="status">
            The results are shown here as soon as the strategy has no errors.
          </p>
        )
      ) : (
        <div className={isStale ? 'run-parts stale' : 'run-parts'}>
          <PricePanel run={run} />
          <EquityPanel run={run} />
          <Figures answer={answer} />
          <Warnings answer={answer} />
          <TradeList trades={tradesOf(run)} columns={COLUMNS} none="The strategy did not trade." />
          <RunLine answer={answer} />
        </div>
      )}
    </div>
  );
}

function Figures({ answer: { metrics } }: { readonly answer: RunAnswer }) {
  return (
    <section className="card figures" aria-label="Figures">
      {metrics.map(({ title, lines }) => (
        <div key={title}>
          <h2>{title}</h2>
          <dl>
            {lines.map(({ label, text }) => (
              <div key={label}>
                <dt className="soft">{label}</dt>
                <dd className="num">{text}</dd>
              </div>
            ))}
          </dl>
        </div>
      ))}
    </section>
  );
}

function Warnings({ answer: { run } }: { readonly answer: RunAnswer }) {
  const warnings = run?.document.warnings ?? [];
  if (warnings.length === 0) return null;
  return (
    <section className="card" aria-label="Warnings of the run">
      <h2>Warnings</h2>
      <ul className="warnings">
        {warnings.map(({ code, message }) => (
          <li key={`${code} ${message}`}>
            <span className="soft">{code}</span> {message}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** How long it took, and what tells whether the command line makes the same of it. */
function RunLine({ answer: { run, tookMs } }: { readonly answer: RunAnswer }) {
  if (run === null) return null;
  const { document } = run;
  return (
    <p className="soft run-line">
      {document.engine}, <span className="num">{document.settings.period.bars.toLocaleString('en-GB')}</span> bars in{' '}
      <span className="num">{tookMs < 100 ? tookMs.toFixed(1) : tookMs.toFixed(0)}</span> ms, result{' '}
      <code data-testid="hash">{document.resultHash}</code>: that of strat backtest with the same strategy, data and params.
    </p>
  );
}
