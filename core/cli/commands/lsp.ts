import { usage } from '../command-line.ts';
import type { Command } from '../command.ts';

export const lspCommand: Command = {
  name: 'lsp',
  summary: 'serve editors: mistakes while you type, hover, completion, rename',
  usage: 'lsp [--stdio]',
  description:
    'A language server: an editor starts it and speaks the Language Server Protocol with it over standard input and output. It reads the files that the editor has open and what they import within the same folder; it runs nothing of them, and plugins are not loaded.\n\nHow to set up VS Code, Neovim, Helix and Emacs is in docs/editor.md.',
  options: [{ name: 'stdio', help: 'speak over standard input and output; the only way there is' }],
  examples: ['strat lsp --stdio'],
  async run(input, io) {
    const [first] = input.args;
    if (first !== undefined) throw usage(`"${first}" is not expected`, lspCommand);
    if (process.stdin.isTTY && io.isTerminal && !input.flag('stdio')) {
      io.out(
        'strat lsp is started by an editor, which speaks the Language Server Protocol with it.\nSet your editor up with the command: strat lsp --stdio\ndocs/editor.md shows how for VS Code, Neovim, Helix and Emacs.\n',
      );
      return 0;
    }
    const { startLanguageServer } = await import('#core/language-server/start-language-server.ts');
    return startLanguageServer(process.stdin, process.stdout);
  },
};
