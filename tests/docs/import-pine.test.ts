import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { importText } from '#core/cli/render/import-text.ts';
import { painter } from '#core/cli/render/paint.ts';
import { parseMarket } from '#core/model/market.ts';
import { parseTimeframe } from '#core/model/timeframe.ts';
import { createCompiler } from '#dsl/compile.ts';
import { importPine } from '#dsl/tools/pine/import-pine.ts';

const PAGE = readFileSync(fileURLToPath(new URL('../../docs/import-pine.md', import.meta.url)), 'utf8');
const fence = (language: string): string => new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'ms').exec(PAGE)![1]!;

test('the example of docs/import-pine.md is what an import gives, and what it tells', () => {
  const source = fence('pine');
  const result = importPine(source, { market: parseMarket('BTC/USDT')!, timeframe: parseTimeframe('1h')! }, createCompiler());
  expect(result.program).toBe(fence('strat'));
  expect(importText('trend.pine', source, result, 110, painter(false))).toBe(fence('text'));
});
