/** A place in a Pine script: line and column from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

export interface PineArgument {
  readonly name: string | null;
  readonly value: PineExpression;
}

export type PineExpression = Place &
  (
    | { readonly kind: 'Number'; readonly text: string }
    | { readonly kind: 'Text'; readonly text: string }
    | { readonly kind: 'Color' }
    | { readonly kind: 'Boolean'; readonly value: boolean }
    /** A name, members with their dots: `ta.sma`, `strategy.position_size`. */
    | { readonly kind: 'Name'; readonly name: string }
    /** A member of what is no name: `f(x).y`. */
    | { readonly kind: 'Member'; readonly of: PineExpression; readonly name: string }
    | { readonly kind: 'Call'; readonly callee: string; readonly args: readonly PineArgument[] }
    | { readonly kind: 'Past'; readonly of: PineExpression; readonly bars: PineExpression }
    | { readonly kind: 'Unary'; readonly operator: 'not' | '-' | '+'; readonly value: PineExpression }
    | { readonly kind: 'Binary'; readonly operator: BinaryOperator; readonly left: PineExpression; readonly right: PineExpression }
    | { readonly kind: 'Choice'; readonly condition: PineExpression; readonly then: PineExpression; readonly otherwise: PineExpression }
    | { readonly kind: 'Tuple'; readonly items: readonly PineExpression[] }
    | { readonly kind: 'If'; readonly statement: IfStatement }
    | { readonly kind: 'Switch'; readonly statement: SwitchStatement }
    /** A loop whose value is taken. */
    | { readonly kind: 'Loop'; readonly statement: LoopStatement }
  );

export type BinaryOperator = 'and' | 'or' | '==' | '!=' | '<' | '<=' | '>' | '>=' | '+' | '-' | '*' | '/' | '%';

export interface IfStatement extends Place {
  readonly kind: 'If';
  readonly condition: PineExpression;
  readonly then: readonly PineStatement[];
  readonly otherwise: readonly PineStatement[];
}

export interface SwitchStatement extends Place {
  readonly kind: 'Switch';
  readonly subject: PineExpression | null;
  /** `when` null: the default. */
  readonly cases: readonly { readonly when: PineExpression | null; readonly body: readonly PineStatement[] }[];
}

export interface LoopStatement extends Place {
  readonly kind: 'Loop';
  readonly word: 'for' | 'while';
  /** Of `for i = from to to by step`; null in other loops. */
  readonly counter: {
    readonly name: string;
    readonly from: PineExpression;
    readonly to: PineExpression;
    readonly by: PineExpression | null;
  } | null;
  readonly body: readonly PineStatement[];
}

export interface PineParameter {
  readonly name: string;
  readonly default: PineExpression | null;
}

interface Remarks {
  /** The lines of comments above it, and the one behind it, without their slashes. */
  readonly comments: readonly string[];
}

export type PineStatement = Remarks &
  (
    | (Place & {
        readonly kind: 'Declare';
        /** `var` and `varip` keep their value from bar to bar. */
        readonly keeps: 'var' | 'varip' | null;
        readonly name: string;
        readonly value: PineExpression;
      })
    | (Place & { readonly kind: 'DeclareTuple'; readonly names: readonly string[]; readonly value: PineExpression })
    | (Place & { readonly kind: 'Assign'; readonly name: string; readonly value: PineExpression })
    | (Place & {
        readonly kind: 'Function';
        readonly name: string;
        readonly parameters: readonly PineParameter[];
        readonly body: readonly PineStatement[];
      })
    | (Place & { readonly kind: 'Expression'; readonly value: PineExpression })
    | IfStatement
    | SwitchStatement
    | LoopStatement
    | (Place & { readonly kind: 'Jump'; readonly word: 'break' | 'continue' })
    /** A statement that is read over: import, type, enum, method and their blocks. */
    | (Place & { readonly kind: 'Foreign'; readonly word: string; readonly name: string })
  );

/** A mistake in the text of a script. */
export interface PineError extends Place {
  readonly message: string;
}

export interface PineScript {
  /** Of `//@version=5`; null = not said, which is Pine 1. */
  readonly version: number | null;
  readonly statements: readonly PineStatement[];
  readonly errors: readonly PineError[];
}
