import express, { type RequestHandler } from 'express';

/** Vite puts what carries a hash of its content in its name under this folder. */
const HASHED = /[\\/]assets[\\/][^\\/]+$/;

/** Files of a built page: what carries a hash in its name may be kept for ever. */
export function pageFiles(folder: string, headersOf: (path: string) => Readonly<Record<string, string>> = () => ({})): RequestHandler {
  return express.static(folder, {
    index: 'index.html',
    dotfiles: 'ignore',
    redirect: false,
    cacheControl: false,
    setHeaders: (response, path) => {
      response.setHeader('Cache-Control', HASHED.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache');
      for (const [name, value] of Object.entries(headersOf(path))) response.setHeader(name, value);
    },
  });
}
