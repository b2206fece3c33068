/** Writes the TextMate grammar of the VS Code extension from the tables of the lexer: `npx node scripts/gen-textmate.ts`. */
import { writeFileSync } from 'node:fs';
import { textMateGrammar } from './textmate/textmate-grammar.ts';

export const GRAMMAR_FILE = new URL('../dsl/tools/vscode/syntaxes/strat.tmLanguage.json', import.meta.url);

export const grammarText = (): string => `${JSON.stringify(textMateGrammar(), null, 2)}\n`;

if (import.meta.main) writeFileSync(GRAMMAR_FILE, grammarText());
