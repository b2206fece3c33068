import type { Heading } from '../ast/nodes.ts';
import type { Findings } from './findings.ts';
import { isKnownSetting } from './known-setting.ts';

export const HEADING_SETTINGS = ['author', 'version', 'tags', 'description', 'license'];

/** What the heading says of the strategy besides its name. */
export interface HeadingValues {
  readonly author: string | null;
  readonly version: string | null;
  readonly tags: readonly string[];
}

export function checkHeading({ settings }: Heading, findings: Findings): HeadingValues {
  const texts = new Map<string, string>();
  for (const setting of settings) {
    if (!isKnownSetting(setting, HEADING_SETTINGS, findings)) continue;
    const { name, value } = setting;
    if (value.kind === 'Text') texts.set(name.text, value.value);
    else findings.add('E0307', value.span, `${name.text} is a text`, `write: ${name.text} "..."`);
  }
  const tags = texts.get('tags')?.split(',') ?? [];
  return {
    author: texts.get('author') ?? null,
    version: texts.get('version') ?? null,
    tags: tags.map((tag) => tag.trim()).filter((tag) => tag !== ''),
  };
}
