import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { configError } from '#core/config/config-error.ts';
import { CONFIG_CODES, findingLine } from '#core/config/finding.ts';
import { SECTION_NAMES } from '#core/config/schema.ts';
import { configTable, withTables } from '#core/config/testing/config-tables.ts';
import { ConfigFile } from '#core/config/testing/load-text.ts';
import { installedSchemas } from './installed-schemas.ts';

const PAGE = readFileSync(new URL('../../docs/config.md', import.meta.url), 'utf8');
const file = new ConfigFile();
const schemas = await installedSchemas();
afterAll(() => file.close());

const blocks = (language: string): readonly string[] =>
  [...PAGE.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\`$`, 'gm'))].map((match) => match[1] ?? '');

describe('docs/config.md', () => {
  test('has the tables that the schemas give (npx node core/config/testing/config-tables.ts writes them)', () => {
    expect(PAGE).toBe(withTables(PAGE));
    expect(PAGE).toContain(configTable('http'));
    expect(configTable('http')).toMatch(/`port` \| a whole number from 0 to 65535 \| `8321`/);
    expect(withTables(PAGE.replace('`8321`', '`8322`'))).toBe(PAGE);
  });

  test('has a chapter for every section, and a table for each with keys of its own', () => {
    const chapters = [...PAGE.matchAll(/^## (\w+)$/gm)].map((match) => match[1]);
    expect(chapters).toEqual(expect.arrayContaining([...SECTION_NAMES]));
    const ofPlugins = ['exchanges', 'risk', 'notifiers'];
    expect([...PAGE.matchAll(/<!-- keys of (\w+) -->/g)].map((match) => match[1])).toEqual(
      SECTION_NAMES.filter((name) => !ofPlugins.includes(name)),
    );
  });

  test('explains every kind of finding and no other', () => {
    expect([...PAGE.matchAll(/^\| `(CONFIG_\w+)` \|/gm)].map((match) => match[1])).toEqual(CONFIG_CODES);
  });

  test.for(blocks('yaml'))('its example loads: %j', (text) => {
    const result = file.load(text, {}, schemas);
    expect(result.ok ? '' : configError('docs/config.md', result.error).message).toBe('');
  });

  test('its variables set what it says', () => {
    const rows = [...PAGE.matchAll(/^\| `(STRAT_\w+)=(\S+)` \|/gm)];
    const env = Object.fromEntries(rows.map((match) => [match[1] ?? '', (match[2] ?? '').replace('...', 'example.org')]));
    expect(rows.length).toBeGreaterThan(4);
    const result = file.load('notifiers: [{ use: notifier/console }, { use: notifier/webhook }]', env, schemas);
    if (!result.ok) throw configError('docs/config.md', result.error);
    const { http, costs, exchanges, strategies, notifiers } = result.value;
    expect([
      http.port,
      costs.fee,
      exchanges.get('demo')?.config['seed'],
      strategies[0]?.params.get('fast'),
      notifiers[1]?.config['url'],
    ]).toEqual([8080, '0.2%', 9, '10', 'https://example.org']);
  });

  test('shows findings as they are', () => {
    const result = file.load('http: {}\n'.replace('{}', '\n  enabled: true\n  host: localhost\n  prot: 80\n# costs\ncosts: { fee: 5 }'));
    const lines = result.ok ? [] : result.error.map((finding) => findingLine('strat.yaml', finding));
    expect(blocks('text')).toEqual([`${lines.join('\n')}\n`]);
  });
});
