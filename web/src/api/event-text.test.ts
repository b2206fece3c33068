import { describe, expect, test } from 'vitest';
import { createEventText } from './event-text.ts';

const TEXT = 'retry: 2000\nevent: hello\ndata: {}\n\n: heartbeat\n\nid: 7\ndata: {"a":1}\ndata:{"b":2}\n\nid: 8\r\ndata: x\r\n\r\n';
const MESSAGES = [
  { event: 'hello', id: null, data: '{}' },
  { event: 'message', id: '7', data: '{"a":1}\n{"b":2}' },
  { event: 'message', id: '8', data: 'x' },
];

describe('an event stream as text', () => {
  test('is cut into messages', () => {
    expect(createEventText()(TEXT)).toEqual(MESSAGES);
  });

  test('may arrive in pieces cut anywhere', () => {
    for (let cut = 0; cut <= TEXT.length; cut += 1) {
      const take = createEventText();
      expect([...take(TEXT.slice(0, cut)), ...take(TEXT.slice(cut))]).toEqual(MESSAGES);
    }
  });

  test('holds an unfinished message back', () => {
    expect(createEventText()('id: 1\ndata: half')).toEqual([]);
  });
});
