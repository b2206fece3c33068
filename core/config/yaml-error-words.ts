import type { ErrorCode } from 'yaml';

interface Words {
  readonly message: string;
  readonly hint: string | null;
}

const INDENT: Words = {
  message: 'this line does not fit the indentation above it',
  hint: 'keys of one section begin in the same column; write 2 spaces a level',
};
const COLON: Words = {
  message: 'a second "key: value" begins inside a value',
  hint: 'one key a line; a text with ": " in it needs quotes',
};
const PROPERTY: Words = { message: 'an anchor, alias or tag is out of place', hint: 'write the plain value' };

/** By the library's code; its own texts may hold pieces of the file, and so a secret. */
const WORDS: Readonly<Partial<Record<ErrorCode, Words>>> = {
  TAB_AS_INDENT: { message: 'a tab indents this line', hint: 'YAML wants spaces: replace each tab by 2 of them' },
  BAD_INDENT: INDENT,
  BLOCK_AS_IMPLICIT_KEY: COLON,
  BLOCK_IN_FLOW: COLON,
  MULTILINE_IMPLICIT_KEY: { message: 'a key is followed by no colon', hint: 'write "key: value", with a space after the colon' },
  KEY_OVER_1024_CHARS: { message: 'a key is longer than 1024 characters', hint: null },
  MISSING_CHAR: { message: 'a sign is missing: a colon, comma, bracket or quote', hint: 'see whether each [, { and quote above is closed' },
  UNEXPECTED_TOKEN: {
    message: 'this does not belong here',
    hint: 'see whether the line above is complete; a text with : # [ ] { } or , in it needs quotes',
  },
  BAD_SCALAR_START: { message: 'a value cannot begin with this sign', hint: 'put the text in quotes' },
  BAD_DQ_ESCAPE: { message: 'an unknown \\ sequence in double quotes', hint: "use single quotes: '...'" },
  MULTIPLE_DOCS: { message: 'the file holds several documents', hint: 'keep one, and no line with ---' },
  RESOURCE_EXHAUSTION: { message: 'the brackets or levels go too deep', hint: null },
  BAD_ALIAS: PROPERTY,
  ALIAS_PROPS: PROPERTY,
  BAD_PROP_ORDER: PROPERTY,
  MULTIPLE_ANCHORS: PROPERTY,
  MULTIPLE_TAGS: PROPERTY,
  TAG_RESOLVE_FAILED: PROPERTY,
  BAD_COLLECTION_TYPE: PROPERTY,
};

/** What an error of the YAML library means, for people. */
export function yamlErrorWords(code: ErrorCode): Words {
  return WORDS[code] ?? { message: 'this is not YAML', hint: 'see docs/config.md for the form of the file' };
}
