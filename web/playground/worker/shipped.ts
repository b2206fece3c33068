const FILES = import.meta.glob<string>('../../../strategies/*/*.strat', { query: '?raw', import: 'default', eager: true });

/** The strategies that come with strat, by name. */
export const SHIPPED: ReadonlyMap<string, string> = new Map(
  Object.entries(FILES).map(([path, text]) => [path.replace(/^.*\/|\.strat$/g, ''), text]),
);
