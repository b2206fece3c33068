/**
 * Builds the page of the bot: `node scripts/build-web.ts [FOLDER]`, web/dist when no folder is given. npm runs it as `prepare`,
 * so it is part of `npm ci`. Where the development packages are left out (`--omit=dev`) it says so and leaves things as they are:
 * the bot runs without its page.
 */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const NEEDED = ['vite', '@vitejs/plugin-react', 'react', 'react-dom', 'lightweight-charts'];

/** The packages of the build that are not installed. */
export function missingPackages(root: string): readonly string[] {
  return NEEDED.filter((name) => !existsSync(join(root, 'node_modules', name, 'package.json')));
}

async function main(folder: string): Promise<void> {
  const missing = missingPackages(ROOT);
  if (missing.length > 0) {
    console.log(`The page of the bot is not built: ${missing.join(', ')} not installed. For the page run "npm ci" without --omit=dev.`);
    return;
  }
  // React's development build is four times as large, and a shell may export anything.
  process.env['NODE_ENV'] = 'production';
  const { build } = await import('vite');
  await build({ configFile: join(ROOT, 'web/vite.config.ts'), logLevel: 'warn', build: { outDir: folder, emptyOutDir: true } });
  console.log(`The page of the bot is built in ${folder}.`);
}

if (import.meta.main) await main(resolve(process.argv[2] ?? join(ROOT, 'web/dist')));
