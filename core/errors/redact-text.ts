export const REDACTED = '[redacted]';

const NAMES =
  '(?:api|access|secret|private|signing)[-_]?key|secret|password|passwd|passphrase|signature|authorization|mnemonic|' +
  '(?:access|auth|refresh|bot|api|session|id|csrf|bearer)[-_]?token';

/** Patterns and what stays of them. Each is linear in the text: no nested repetition. */
const PATTERNS: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[^]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, REDACTED],
  // scheme://user:password@host, also with a token alone in front of the @
  [/\b([a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/@"'?#]+@/gi, `$1${REDACTED}@`],
  [/\b(Bearer|Basic)\s+[\w.~+/=-]{6,}/gi, `$1 ${REDACTED}`],
  [/\beyJ[\w-]{8,}\.[\w-]{4,}\.[\w-]*/g, REDACTED],
  // addresses whose path is the secret: chat bots and webhooks
  [/(\/bot)\d{6,}:[\w-]{10,}/g, `$1${REDACTED}`],
  [/(\/api\/webhooks\/\d+\/)[\w-]+/g, `$1${REDACTED}`],
  [/(hooks\.slack\.com\/services\/)[\w/-]+/g, `$1${REDACTED}`],
  // name=value, name: value, "name":"value", also escaped once more
  [new RegExp(`((?:${NAMES})\\\\?["']?\\s*[=:]\\s*\\\\?["']?)(?!(?:Bearer|Basic)\\s)[^\\s"'&,;{}[\\]\\\\]+`, 'gi'), `$1${REDACTED}`],
  [/([?&;](?:token|key|sign|auth)=)[^\s"'&,;[\]\\]+/gi, `$1${REDACTED}`],
  [/("token\\?"\s*:\s*\\?")[^"\\]+/gi, `$1${REDACTED}`],
];

const SECRET_KEY =
  /(?:apikey|accesskey|secretkey|privatekey|signingkey|secret|password|passwd|passphrase|token|authorization|mnemonic|cookie|signature|credentials?|apisign|accesssign)$/;

/** Whether a field, header or parameter of this name holds a secret: `apiKey`, `X-MBX-APIKEY`, `client_secret`, ... */
export function isSecretName(name: string): boolean {
  return SECRET_KEY.test(name.replace(/[^a-zA-Z0-9]/g, '').toLowerCase());
}

/**
 * Takes out of a text what looks like a secret: passwords in addresses, keys and signatures in queries and JSON, bearer
 * tokens, private keys in PEM. A last net under the rule that secrets do not get into texts; it cannot know every form.
 */
export function redactText(text: string): string {
  return PATTERNS.reduce((clean, [pattern, kept]) => clean.replace(pattern, kept), text);
}
