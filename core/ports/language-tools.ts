/** What a tool of the language is asked. A strategy is one that the bot runs, by its id; `market` null = its first. */
export type ToolRequest =
  | { readonly tool: 'check' | 'format'; readonly source: string }
  | {
      readonly tool: 'eval';
      readonly strategy: string;
      readonly market: string | null;
      readonly expressions: readonly string[];
      /** How many of the newest bars the answer has. */
      readonly last: number;
    }
  /** `at`: any moment inside of a bar, ms; `market` null = all that it trades. */
  | { readonly tool: 'explain'; readonly strategy: string; readonly market: string | null; readonly at: number }
  | { readonly tool: 'diff'; readonly strategy: string; readonly source: string };

export type ToolName = ToolRequest['tool'];

/** The document of a tool, or why there is none. `WRONG`: what was asked is, the text says how; `BUSY`: another request is under way. */
export type ToolAnswer =
  | { readonly ok: true; readonly document: unknown }
  | { readonly ok: false; readonly code: 'NOT_FOUND' | 'WRONG' | 'BUSY' | 'FAILED'; readonly text: string; readonly hint: string };
