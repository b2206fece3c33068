/** What one plugin needs; ids. */
export type Requirements = ReadonlyMap<string, readonly string[]>;

export interface StartOrder {
  /** Every plugin that is in no circle, behind those that it requires; otherwise in the order given. */
  readonly order: readonly string[];
  /** Plugins that need each other, each circle once, from its first id. */
  readonly circles: readonly (readonly string[])[];
}

/** Sorts plugins so that each comes behind what it requires. Requirements outside of the map are left to the caller. */
export function startOrder(requirements: Requirements): StartOrder {
  const order: string[] = [];
  const circles: string[][] = [];
  const state = new Map<string, 'open' | 'done'>();
  const inCircle = new Set<string>();
  const visit = (id: string, way: readonly string[]): void => {
    if (state.get(id) === 'done') return;
    if (state.get(id) === 'open') {
      const circle = way.slice(way.indexOf(id));
      circles.push(circle);
      for (const one of circle) inCircle.add(one);
      return;
    }
    state.set(id, 'open');
    for (const other of requirements.get(id) ?? []) if (requirements.has(other)) visit(other, [...way, id]);
    state.set(id, 'done');
    if (!inCircle.has(id)) order.push(id);
  };
  for (const id of requirements.keys()) visit(id, []);
  return { order, circles };
}
