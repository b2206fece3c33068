/** The shape of a plugin's folder, as a function from its files to its faults. */

export interface PluginFolder {
  /** `exchange/sim`. */
  readonly id: string;
  /** Text of each file by its path in the folder. */
  readonly files: ReadonlyMap<string, string>;
  /** Names of the keys of its config; of an indicator its params, or the functions of a module. */
  readonly keys: readonly string[];
}

const CONTRACTS: Readonly<Record<string, string>> = {
  exchange: 'exchangeContract(',
  risk: 'riskRuleContract(',
  notifier: 'notifierContract(',
  indicator: 'indicatorContract(',
};

export function pluginShapeFaults({ id, files, keys }: PluginFolder): string[] {
  const [kind = '', name = ''] = id.split('/');
  const own = kind === 'indicator' ? ['manifest.json'] : ['manifest.ts', 'schema.ts', `${name}.ts`];
  const missing = [...own, `${name}.test.ts`, 'README.md'].filter((file) => !files.has(file));
  const wanted = ['## What it does', kind === 'indicator' ? '## Params' : '## Config', '## When something fails'];
  const readme = files.get('README.md') ?? '';
  const headings = [...readme.matchAll(/^## .*$/gm)].map(([heading]) => heading);
  const documented = [...readme.matchAll(/^\| `([^`]+)` \|/gm)].map((match) => match[1] ?? '');
  const test = files.get(`${name}.test.ts`) ?? '';
  return [
    ...missing.map((file) => `${id} has no ${file}`),
    ...(readme.startsWith(`# ${id}\n`) ? [] : [`${id}: README.md does not begin with "# ${id}"`]),
    ...(headings.join() === wanted.join() ? [] : [`${id}: README.md has the headings ${headings.join(', ')}`]),
    ...keys.filter((key) => !documented.includes(key)).map((key) => `${id}: README.md says nothing of the key "${key}"`),
    ...documented.filter((key) => !keys.includes(key)).map((key) => `${id}: README.md tells of "${key}", which is no key`),
    ...(test.includes(CONTRACTS[kind] ?? '?') ? [] : [`${id}: ${name}.test.ts does not call the contract of its kind`]),
  ];
}
