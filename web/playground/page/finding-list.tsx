import type { FoundFinding } from '../messages.ts';

interface FindingListProps {
  readonly findings: readonly FoundFinding[];
  readonly isChecked: boolean;
  readonly goTo: (finding: FoundFinding) => void;
}

/** What the compiler found, each a way to its place. */
export function FindingList({ findings, isChecked, goTo }: FindingListProps) {
  if (findings.length === 0)
    return (
      <p className="finding-none soft" role="status">
        {isChecked ? 'No errors, no warnings.' : 'Checking …'}
      </p>
    );
  return (
    <ul className="findings" aria-label="Errors and warnings" aria-live="polite">
      {findings.map((finding) => (
        <li key={`${finding.code} ${finding.from} ${finding.message}`}>
          <button type="button" className={`finding finding-${finding.severity}`} onClick={() => goTo(finding)}>
            <span className="finding-head">
              <b>{finding.severity}</b> {finding.code} <span className="soft num">line {finding.line}</span>
            </span>
            <span>{finding.message}</span>
            {finding.hint !== null && <span className="soft">{finding.hint}</span>}
          </button>
        </li>
      ))}
    </ul>
  );
}
