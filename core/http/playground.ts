import express, { type Router } from 'express';
import { pageFiles } from './page-files.ts';

/** What the playground's page may do: run its own scripts, start its own worker. It talks to nobody, the bot included. */
export const PLAYGROUND_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "worker-src 'self'",
  "connect-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Its worker makes functions of what the compiler emits, and may do nothing else: no request, no other script (docs/adr). */
export const WORKER_POLICY = "default-src 'none'; script-src 'unsafe-eval'";

const WORKER = /[\\/]assets[\\/]worker-[\w-]+\.js$/;

/** The built playground, which needs no bot. Relative addresses: `/playground` itself leads to `/playground/`. */
export function playgroundRouter(folder: string): Router {
  const router = express.Router({ caseSensitive: true, strict: true });
  router.get('/', (request, response, next) => {
    if (request.originalUrl.split('?', 1)[0]!.endsWith('/')) next();
    else response.redirect(308, `${request.baseUrl}/`);
  });
  router.use(pageFiles(folder, (path) => ({ 'Content-Security-Policy': WORKER.test(path) ? WORKER_POLICY : PLAYGROUND_POLICY })));
  return router;
}
