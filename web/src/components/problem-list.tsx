import type { Problem } from '../api/answers.ts';
import { usePage } from './session-context.ts';

const NO_PROBLEMS: readonly Problem[] = [];

/** What needs the operator's attention; nothing at all when all is well. */
export function ProblemList() {
  const problems = usePage((page) => page.bot?.problems ?? NO_PROBLEMS);
  const loadError = usePage((page) => page.loadError);
  const connection = usePage((page) => page.connection);
  const away = connection === 'stopped';
  if (problems.length === 0 && loadError === null && !away) return null;
  return (
    <section className="card problems" aria-label="Problems" role="alert">
      <ul>
        {away && <li>The bot does not answer. What is shown is the last that it said; the page goes on trying.</li>}
        {!away && loadError !== null && <li>Loading failed: {loadError}</li>}
        {problems.map((problem) => (
          <li key={`${problem.part}: ${problem.text}`}>
            <strong>{problem.part}</strong> {problem.text}
          </li>
        ))}
      </ul>
    </section>
  );
}
