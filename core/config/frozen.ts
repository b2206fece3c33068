/** A map that nobody fills any more. */
export class FrozenMap<K, V> extends Map<K, V> {
  constructor(entries: Iterable<readonly [K, V]>) {
    super();
    for (const [key, value] of entries) super.set(key, value);
    Object.freeze(this);
  }

  override set(): never {
    throw new TypeError('this map is frozen');
  }

  override delete(): never {
    throw new TypeError('this map is frozen');
  }

  override clear(): never {
    throw new TypeError('this map is frozen');
  }
}

/** Freezes plain data to its leaves and hands it back. */
export function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const one of Object.values(value)) deepFreeze(one);
  }
  if (value instanceof Map) for (const one of value.values()) deepFreeze(one);
  return value;
}
