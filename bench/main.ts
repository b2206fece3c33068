/**
 * `npm run bench [-- PART...]`: measures, prints, and writes bench/results/PART.json and the tables of docs/performance.md; without parts, all of them.
 * Times are of this machine in this minute: quote medians, compare ratios of one run.
 */
const PARTS: Readonly<Record<string, () => Promise<void>>> = {
  commands: async () => (await import('./parts/commands.ts')).commandsPart(),
  growth: async () => (await import('./parts/growth.ts')).growthPart(),
  isolate: async () => (await import('./parts/isolate.ts')).isolatePart(),
  limit: async () => (await import('./parts/limit.ts')).limitPart(),
  sweep: async () => (await import('./parts/sweep.ts')).sweepPart(),
  peers: async () => (await import('./parts/peers.ts')).peersPart(),
};

const asked = process.argv.slice(2);
const unknown = asked.find((name) => !(name in PARTS));
if (unknown !== undefined) {
  console.error(`There is no part "${unknown}". The parts are: ${Object.keys(PARTS).join(', ')}.`);
  process.exitCode = 2;
} else {
  for (const name of asked.length === 0 ? Object.keys(PARTS) : asked) await PARTS[name]!();
  const { writePerformancePage } = await import('./measure/performance-page.ts');
  writePerformancePage();
}
