import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/**
 * What the page may do, where no server says so (core/http/playground.ts): run its own scripts and start its own worker. It asks nobody for anything.
 * The worker compiles strategies into code; on a server of others it has no policy of its own.
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "worker-src 'self'",
  "connect-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/** Not while it is written: the development server brings scripts and a connection of its own. */
const policy: Plugin = {
  name: 'strat-policy',
  apply: 'build',
  transformIndexHtml: () => [
    { tag: 'meta', attrs: { 'http-equiv': 'Content-Security-Policy', content: POLICY }, injectTo: 'head-prepend' },
  ],
};

/** A module of Node in the page would be an empty one, and fail in the reader's browser. */
const noNode: Plugin = {
  name: 'strat-no-node',
  enforce: 'pre',
  resolveId(source, importer) {
    if (source.startsWith('node:')) throw new Error(`${importer ?? 'the page'} imports ${source}, which no browser has`);
  },
};

export default defineConfig({
  root: here('.'),
  publicDir: here('../public'),
  // Any address will do: the folder may be copied to any host.
  base: './',
  plugins: [react(), policy, noNode],
  worker: {
    format: 'es',
    plugins: () => [noNode],
    // core/http gives this file, and no other, leave to make code of text.
    rolldownOptions: { output: { entryFileNames: 'assets/worker-[hash].js' } },
  },
  build: {
    outDir: here('../dist/playground'),
    emptyOutDir: true,
    target: 'es2023',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    license: { fileName: 'licences.md' },
    // The editor and React in one piece, which waits in the cache.
    chunkSizeWarningLimit: 900,
  },
  server: { host: '127.0.0.1' },
});
