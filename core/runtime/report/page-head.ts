import { createHash } from 'node:crypto';
import { html, Html } from './html-text.ts';

/** The head of a page that is one file: its content policy allows its own style and pictures that it holds, no scripts and no requests. */
export function pageHead(title: string, style: string): Html {
  const styleHash = createHash('sha256').update(style).digest('base64');
  const policy = `default-src 'none'; style-src 'sha256-${styleHash}'; img-src data:; base-uri 'none'; form-action 'none'`;
  return html`<head>
    <meta charset="utf-8" />
    <meta http-equiv="Content-Security-Policy" content="${new Html(policy)}" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="referrer" content="no-referrer" />
    <link rel="icon" href="data:," />
    <title>${title}</title>
    ${new Html(`<style>${style}</style>`)}
  </head>`;
}
