/** How to start the language server. */
export interface ServerCommand {
  readonly command: string;
  readonly args: readonly string[];
}

/** Where an installed strat, and strat's own repository, have the command; tried in this order. */
export const PLACES = ['node_modules/.bin/strat', 'node_modules/strat/bin/strat.js', 'bin/strat.js'] as const;

/**
 * The command named in the settings, else that of the first open folder that has one; null when none has.
 * @param folders paths of the folders that are open
 * @param isThere whether there is a file at a path
 */
export async function serverCommand(
  setting: string,
  folders: readonly string[],
  isThere: (path: string) => Promise<boolean>,
): Promise<ServerCommand | null> {
  const args = ['lsp', '--stdio'];
  if (setting.trim() !== '') return { command: setting.trim(), args };
  for (const folder of folders)
    for (const place of PLACES) {
      const path = `${folder}/${place}`;
      if (await isThere(path)) return { command: path, args };
    }
  return null;
}
