import type { RequestHandler } from 'express';
import { SECURITY_HEADERS, sendRefusal } from './answer.ts';
import { readUrl, refuseHost } from './request-guards.ts';

/**
 * In front of all that is served: the headers of every answer, and no request under another name than this machine's, or with a token in its address.
 * @param hosts values that the Host header may have; asked for each request, since the port is known only after listening
 */
export const hostGuard =
  (hosts: () => ReadonlySet<string>): RequestHandler =>
  (request, response, next) => {
    response.set(SECURITY_HEADERS);
    const url = readUrl(request.originalUrl);
    const refused = refuseHost(request, hosts()) ?? ('code' in url ? url : null);
    if (refused === null) next();
    else sendRefusal(response, refused);
  };
