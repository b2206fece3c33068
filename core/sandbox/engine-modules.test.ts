import ivm from 'isolated-vm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadEngine } from './engine-modules.ts';
import { HARDENING } from './hardening.ts';

const isolate = new ivm.Isolate({ memoryLimit: 64 });
const hardened = (): ivm.Context => {
  const context = isolate.createContextSync();
  context.evalSync(HARDENING);
  return context;
};
afterAll(() => isolate.dispose());

describe('the engine in an isolate', () => {
  let engine: ivm.Reference;
  const ask = (context: ivm.Context, text: string): unknown =>
    context.evalSync(text, { reference: true }).applySync(undefined, [engine.derefInto()]);
  const context = hardened();
  beforeAll(() => {
    engine = loadEngine(isolate, context);
  });

  it('is the class, frozen with its methods', () => {
    expect(ask(context, '(Engine) => Engine.name')).toBe('TradingEngine');
    expect(ask(context, '(Engine) => Object.isFrozen(Engine) && Object.isFrozen(Engine.prototype)')).toBe(true);
    expect(ask(context, '(Engine) => Object.isFrozen(Engine.prototype.decide) && Object.isFrozen(Engine.prototype.openBar)')).toBe(true);
  });

  it('adds no name to what a text can see', () => {
    const names = 'Object.getOwnPropertyNames(this).join()';
    expect(context.evalSync(names)).toBe(hardened().evalSync(names));
  });

  it('gives no way to code from text', () => {
    expect(ask(context, '(Engine) => Engine.constructor === Object && Object.getPrototypeOf(Engine).constructor === Object')).toBe(true);
  });
});

it.each(['hardening.ts', '../engine/../sandbox/hardening.ts', '../errors/advice.ts', '../../package.json'])(
  'loads no file but those of the engine and the model: %s',
  (file) => {
    expect(() => loadEngine(isolate, hardened(), new URL(file, import.meta.url))).toThrow(expect.objectContaining({ code: 'INTERNAL' }));
  },
);
