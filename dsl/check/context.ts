import type { Exclusions } from '../analyse/exclusions.ts';
import type { KeptStarts } from './kept-starts.ts';
import type { Expression } from '../ast/expression.ts';
import type { GraphBuilder } from '../graph/graph-builder.ts';
import type { Charts } from './charts.ts';
import type { CheckWatch } from './check-watch.ts';
import type { Builtins } from './builtins.ts';
import type { CalendarNames } from './calendar-names.ts';
import type { Findings } from './findings.ts';
import type { ModulePlace } from './module-source.ts';
import type { NodeId } from '../graph/node.ts';
import type { ModelUse, PriceLiteral, SessionRule, WatchedValue } from '../program.ts';
import type { ScriptPlugin } from './plugin-source.ts';
import type { StaticValues } from './static-values.ts';

/** The market of the `trade` line as far as units need it. Several markets: what they share. */
export interface MarketUnits {
  /** Currency that quantities are in; null when the markets differ. */
  readonly base: string | null;
  /** Currency of prices, and of the account but for inverse perpetuals; null when no market says. */
  readonly quote: string | null;
  /** Contracts of units of the quote currency, on an account in the base. */
  readonly isInverse: boolean;
  /** Length of a bar of the strategy's chart, ms; null when the `trade` line is missing or wrong. */
  readonly stepMs: number | null;
}

/** Which expressions of the file a tool asks for, and what they are. */
export interface ValueWatch {
  readonly wants: (e: Expression) => boolean;
  readonly found: WatchedValue[];
}

/** What checking one program needs everywhere. */
export interface CheckContext {
  readonly builder: GraphBuilder;
  readonly findings: Findings;
  readonly statics: StaticValues;
  readonly exclusions: Exclusions;
  readonly builtins: Builtins;
  /** Of the chart that is traded. */
  readonly market: MarketUnits;
  readonly charts: Charts;
  /** Counts an expression that is written out once more; false, and reported, beyond the limit of the program. */
  readonly spend: (e: Expression) => boolean;
  /** Sessions of the program so far: columns name them by place. */
  readonly sessions: SessionRule[];
  /** Zones and holidays that there are; null: their names are not looked up. */
  readonly calendars: CalendarNames | null;
  /** Models of the program so far. */
  readonly models: ModelUse[];
  /** What the members of the universe are ranked by so far: columns name it by place. */
  readonly ranks: { readonly hasUniverse: boolean; readonly by: NodeId[] };
  /** The file is an input of another strategy: it knows no account. */
  readonly isInput: boolean;
  /** Indicators in JavaScript that the program has called so far, and the nodes of their instances. */
  readonly plugins: { readonly used: ScriptPlugin[]; readonly instances: Set<NodeId> };
  /** What never forgets where the data began. */
  readonly keptStarts: KeptStarts;
  /** Expressions whose values a tool wants to show; null: nobody asks. */
  readonly watchedValues: ValueWatch | null;
  /** Plain numbers that stand beside prices, so far. */
  readonly priceLiterals: PriceLiteral[];
  /** Names that the file defines anywhere: a name used above its line is told so. */
  readonly definedNames: ReadonlySet<string>;
  /** Statements are missing, or only in part there: what they would have said about others is not known. */
  readonly isIncomplete: boolean;
  /** Names whose line could not be read: silent. */
  readonly failedNames: Set<string>;
  /** The module that is checked; null for the file that is compiled. */
  readonly module: ModulePlace | null;
  /** Who wants to know what the parts of this file are; null: nobody. */
  readonly watch: CheckWatch | null;
}
