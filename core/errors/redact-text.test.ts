import { describe, expect, test } from 'vitest';
import { isSecretName, redactText } from './redact-text.ts';

describe('redactText', () => {
  test.for([
    ['https://user:pass@host/path', 'https://[redacted]@host/path'],
    ['redis://:pass@host:6379', 'redis://[redacted]@host:6379'],
    ['?a=1&signature=deadbeef&b=2', '?a=1&signature=[redacted]&b=2'],
    ['Authorization: Bearer abcdef123', 'Authorization: Bearer [redacted]'],
    ['{"apiKey":"abc","qty":1}', '{"apiKey":"[redacted]","qty":1}'],
    ['password: hunter2, next', 'password: [redacted], next'],
    ['{\\"secret\\":\\"abc\\"}', '{\\"secret\\":\\"[redacted]\\"}'],
    ['https://api.telegram.example/bot123456789:AAbbCCddEEffGG/send', 'https://api.telegram.example/bot[redacted]/send'],
    ['eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc-_123', '[redacted]'],
    ['-----BEGIN PRIVATE KEY-----\nabc', '[redacted]'],
  ])('takes the secret out of %j', ([text, clean]) => expect(redactText(text ?? '')).toBe(clean));

  test.for([
    'Unexpected token: "}" at 3:4',
    'https://host/a@b',
    'time 12:30, key 5',
    'mail to a@b.example',
    'the secretary',
    'sma(close, 10) crosses above',
  ])('leaves %j alone', (text) => expect(redactText(text)).toBe(text));

  test('changes nothing when done twice', () => {
    const once = redactText('https://u:p@h/?apiKey=1&token=2 password=3 Bearer abcdef');
    expect(redactText(once)).toBe(once);
  });
});

describe('isSecretName', () => {
  test.for([
    'apiKey',
    'api_key',
    'API-KEY',
    'X-MBX-APIKEY',
    'secret',
    'clientSecret',
    'password',
    'token',
    'access_token',
    'Authorization',
    'passphrase',
    'privateKey',
    'Set-Cookie',
  ])('%s is one', (name) => expect(isSecretName(name)).toBe(true));
  test.for(['key', 'keys', 'tokens', 'market', 'signal', 'secretary', 'passed', 'author'])('%s is none', (name) =>
    expect(isSecretName(name)).toBe(false),
  );
});
