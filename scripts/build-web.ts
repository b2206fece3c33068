/**
 * Builds the page of the bot and the playground: `node scripts/build-web.ts [FOLDER]`, web/dist when no folder is given. npm runs it as `prepare`,
 * so it is part of `npm ci`. Where the development packages are left out (`--omit=dev`) it says so and leaves things as they are:
 * the bot runs without its page, and there is no playground.
 */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const NEEDED = ['vite', '@vitejs/plugin-react', 'react', 'react-dom', 'lightweight-charts', '@codemirror/view', '@noble/hashes'];

/** The packages of the build that are not installed. */
export function missingPackages(root: string): readonly string[] {
  return NEEDED.filter((name) => !existsSync(join(root, 'node_modules', name, 'package.json')));
}

async function main(folder: string): Promise<void> {
  const missing = missingPackages(ROOT);
  if (missing.length > 0) {
    console.log(
      `The page of the bot and the playground are not built: ${missing.join(', ')} not installed. For the page run "npm ci" without --omit=dev.`,
    );
    return;
  }
  // React's development build is four times as large, and a shell may export anything.
  process.env['NODE_ENV'] = 'production';
  const { build } = await import('vite');
  // The first empties the folder that the second builds into.
  for (const [config, outDir] of [
    ['web/vite.config.ts', folder],
    ['web/playground/vite.config.ts', join(folder, 'playground')],
  ] as const) {
    await build({ configFile: join(ROOT, config), logLevel: 'warn', build: { outDir, emptyOutDir: true } });
  }
  console.log(`The page of the bot and the playground are built in ${folder}.`);
}

if (import.meta.main) await main(resolve(process.argv[2] ?? join(ROOT, 'web/dist')));
