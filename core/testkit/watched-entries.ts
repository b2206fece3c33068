import type { StepEntries } from '#dsl/plugin/plugin-instance.ts';

export interface WatchedEntries {
  readonly entries: StepEntries;
  /** The first access outside of a window, in words; null = none so far. */
  readonly outside: () => string | null;
}

/** Entries whose windows tell when a place outside of them is read or written: such a read is na and such a write nothing, so that it is a mistake. */
export function watchedEntries(entries: StepEntries): WatchedEntries {
  let outside: string | null = null;
  const watched = (window: Float64Array, name: string): Float64Array => {
    const see = (key: string | symbol, what: string): void => {
      const place = Number(String(key));
      const isOutside = key !== 'length' && !(Number.isInteger(place) && place >= 0 && place < window.length);
      if (isOutside) outside ??= `it ${what} ${name}[${String(key)}]; ${name} has ${window.length} places`;
    };
    return new Proxy(window, {
      get: (target, key) => {
        see(key, 'reads');
        return Reflect.get(target, key) as unknown;
      },
      set: (target, key, value) => {
        see(key, 'writes');
        return Reflect.set(target, key, value);
      },
    });
  };
  return {
    entries: {
      init: (params, state) => entries.init(watched(params, 'params'), watched(state, 'state')),
      step: (params, state, input, out) =>
        entries.step(watched(params, 'params'), watched(state, 'state'), watched(input, 'input'), watched(out, 'out')),
    },
    outside: () => outside,
  };
}
