import { readFileSync, writeFileSync } from 'node:fs';
import { expectation, isFields } from '../fault-words.ts';
import { SECTIONS } from '../schema.ts';

const PAGE = new URL('../../../docs/config.md', import.meta.url);

const cell = (text: string): string => text.replaceAll('|', '\\|');

function defaultOf(schema: Readonly<Record<string, unknown>>, isRequired: boolean): string {
  if (isRequired) return 'must be given';
  if (!('default' in schema)) return '';
  return `\`${typeof schema['default'] === 'string' ? schema['default'] : JSON.stringify(schema['default'])}\``;
}

/** The keys of a section, or of an item of it, as a table: what docs/config.md shows is what is checked. */
export function configTable(name: string): string {
  const section: unknown = Object.entries(SECTIONS).find(([key]) => key === name)?.[1];
  const schema = isFields(section) ? [section['items'], section['additionalProperties'], section].find(isFields) : undefined;
  if (!isFields(schema) || !isFields(schema['properties'])) return '';
  const required: unknown = schema['required'];
  const rows = Object.entries(schema['properties']).map(([key, value]) => {
    const own = isFields(value) ? value : {};
    const isRequired = Array.isArray(required) && required.includes(key);
    const description = typeof own['description'] === 'string' ? own['description'] : '';
    return `| \`${key}\` | ${cell(expectation(own))} | ${cell(defaultOf(own, isRequired))} | ${cell(description)} |`;
  });
  return ['| key | takes | default | meaning |', '|---|---|---|---|', ...rows].join('\n');
}

/** The page with each `<!-- keys of NAME -->` ... `<!-- end -->` filled anew. */
export function withTables(page: string): string {
  return page.replace(
    /(<!-- keys of (\w+) -->\n)[^]*?(<!-- end -->)/g,
    (_, open: string, name: string, close: string) => `${open}\n${configTable(name)}\n\n${close}`,
  );
}

if (import.meta.main) writeFileSync(PAGE, withTables(readFileSync(PAGE, 'utf8')));
