import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** `npx vite web` serves the sources and asks this bot (or `npx node web/dev/main.ts`) for the data. */
const bot = process.env['STRAT_URL'] ?? 'http://127.0.0.1:8420';

export default defineConfig({
  root: here('.'),
  // The bot serves the page at `/`, but relative addresses also survive a prefix.
  base: './',
  plugins: [react()],
  build: {
    outDir: here('dist'),
    emptyOutDir: true,
    target: 'es2023',
    // The policy of the page allows no data: scripts, and one chunk of each kind is enough.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    license: { fileName: 'licences.md' },
  },
  server: { host: '127.0.0.1', proxy: { '/api': { target: bot } } },
});
