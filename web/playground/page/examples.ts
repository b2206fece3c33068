const STRATEGIES = import.meta.glob<string>('../../../strategies/*/*.strat', { query: '?raw', import: 'default', eager: true });
const LESSONS = import.meta.glob<string>('../lessons/*.strat', { query: '?raw', import: 'default', eager: true });

export interface Example {
  readonly name: string;
  /** As the strategy calls itself. */
  readonly title: string;
  readonly group: 'Lessons' | 'Strategies';
  readonly text: string;
}

const examples = (files: Readonly<Record<string, string>>, group: Example['group']): readonly Example[] =>
  Object.entries(files)
    .map(([path, text]) => ({
      name: path.replace(/^.*\/|\.strat$/g, ''),
      title: /^strategy "([^"]*)"/m.exec(text)?.[1] ?? path,
      group,
      text,
    }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));

/** What the menu offers: lessons in their order, then the strategies that come with strat. */
export const EXAMPLES: readonly Example[] = [...examples(LESSONS, 'Lessons'), ...examples(STRATEGIES, 'Strategies')];
