import { existsSync } from 'node:fs';
import { join } from 'node:path';
import express, { type Router } from 'express';
import { pageFiles } from './page-files.ts';
import { playgroundRouter } from './playground.ts';

const NO_PAGE = [
  'strat is running. The page is not part of this installation, or not built yet: npm run prepare',
  'The state of the bot:  GET /api/v1/status',
  'The API:               GET /api/v1/openapi.json',
  '',
].join('\n');

/** The built page at `/`, or a text where there is none. */
export function pageRouter(folder: string | null): Router {
  const router = express.Router({ caseSensitive: true, strict: true });
  if (folder !== null) {
    router.use('/playground', playgroundRouter(join(folder, 'playground')));
    router.use(pageFiles(folder));
  }
  router.get('/', (_, response) => {
    response.type('text/plain').send(NO_PAGE);
  });
  return router;
}

export const hasPage = (folder: string): boolean => existsSync(join(folder, 'index.html'));
