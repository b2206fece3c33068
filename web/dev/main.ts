/** `npx node web/dev/main.ts [BARS_PER_SECOND]`: a made-up bot for work on the page; the page itself is served from web/dist, or by `npx vite web`. */
import { fileURLToPath } from 'node:url';
import { createFakeBot } from './fake-bot.ts';
import { startFakeServer } from './fake-server.ts';

const TOKEN = 'dev';
const speed = Number(process.argv[2] ?? 2);
const bot = createFakeBot({ history: 5000, oldTrades: 9500, startedAt: Date.now() });
const server = await startFakeServer({ bot, page: fileURLToPath(new URL('../dist', import.meta.url)), token: TOKEN, port: 8420 });
process.stdout.write(`${server.url} (token: ${TOKEN})\n`);
setInterval(
  () => {
    for (let i = 0; i < Math.max(1, speed / 20); i += 1) bot.step();
  },
  Math.max(50, 1000 / speed),
);
