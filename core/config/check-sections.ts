import type { CostTexts, VenueCosts } from './cost-models.ts';
import { StratError } from '#core/errors/strat-error.ts';
import type { CalendarConfig, HttpConfig, LogLevelName, MarginConfig } from './config.ts';
import type { Findings } from './finding.ts';
import { type SectionName, SECTIONS } from './schema.ts';
import type { SchemaCheck, SchemaCompiler } from './schema-check.ts';
import { tellFaults } from './tell-faults.ts';
import { type MapTree, plainData } from './tree.ts';

export interface UseItem {
  readonly use: string;
}

/** The sections as their schemas leave them: defaults filled in. Items with `use` still hold what belongs to their plugin. */
export interface Sections {
  readonly account: MarginConfig & { readonly capital: number };
  readonly costs: CostTexts & { readonly fee: string; readonly slippage: string };
  readonly http: HttpConfig;
  readonly log: { readonly level: LogLevelName };
  readonly plugins: { readonly folders: readonly string[] };
  readonly calendars?: Readonly<Record<string, CalendarConfig>>;
  readonly exchanges: Readonly<Record<string, UseItem & { readonly costs?: VenueCosts }>>;
  readonly risk: readonly UseItem[];
  readonly notifiers: readonly UseItem[];
  readonly strategies: readonly StrategyItem[];
}

export interface StrategyItem extends MarginConfig {
  readonly file: string;
  readonly id?: string;
  readonly exchange?: string;
  readonly capital?: number;
  readonly timeframe?: string;
  readonly params?: Readonly<Record<string, unknown>>;
}

/** Checks one section alone; null when it is wrong or not there. */
export function checkSection<N extends SectionName>(
  name: N,
  tree: MapTree,
  compile: SchemaCompiler,
  findings: Findings,
): Sections[N] | null {
  const entry = tree.entries.get(name);
  if (entry === undefined) return null;
  const alone: MapTree = { ...tree, entries: new Map([[name, entry]]) };
  const check = compileOwn<Pick<Sections, N>>({ [name]: SECTIONS[name] }, compile);
  return checked(check, alone, findings)?.[name] ?? null;
}

/** Checks all sections and their names. Null, with findings, when something is wrong. */
export function checkSections(tree: MapTree, compile: SchemaCompiler, findings: Findings): Sections | null {
  return checked(compileOwn<Sections>(SECTIONS, compile), tree, findings);
}

function compileOwn<T>(properties: Readonly<Record<string, unknown>>, compile: SchemaCompiler): SchemaCheck<T> {
  const check = compile<T>({ type: 'object', additionalProperties: false, properties });
  if (!check.ok) throw new StratError('INTERNAL', { reason: `the schema of the config: ${check.error}` });
  return check.value;
}

function checked<T>(check: SchemaCheck<T>, tree: MapTree, findings: Findings): T | null {
  const data = plainData(tree);
  if (check(data)) return data;
  tellFaults(check.errors ?? [], { tree, steps: [], secrets: [] }, findings);
  return null;
}
