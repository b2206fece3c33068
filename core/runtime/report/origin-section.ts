import type { StoredVersion } from '#core/data/candle-text.ts';
import type { BacktestDocument } from '../backtest-document.ts';
import { costTexts } from './cost-texts.ts';
import { escapeHtml, html, Html } from './html-text.ts';
import { moneyText } from './money-text.ts';
import { groupedNumber, shareText } from './number-text.ts';
import {
  askText,
  conventionLines,
  currencyTexts,
  delistedText,
  detailTexts,
  marginTexts,
  markText,
  riskText,
  stockText,
} from './run-notes.ts';

function storedText({ series, timeframe, version, funding }: StoredVersion): string {
  const rates = funding === undefined ? '' : `, funding rates version ${funding.version} (${funding.sha256})`;
  return `data store, ${series} ${timeframe}, version ${version}${rates}`;
}

/** Everything that is needed to repeat the run. */
export function originSection(document: BacktestDocument, sources: readonly string[]): Html {
  const { settings } = document;
  const strategies = document.strategies ?? [{ ...document.strategy, label: document.strategy.name, params: document.params }];
  const isOne = document.strategies === undefined;
  const known: readonly (readonly [string, string | null])[] = [
    ...detailTexts(document).map((text) => ['inside of bars', text] as const),
    ['bid and ask', askText(document)],
    ['mark price', markText(document)],
    ['stock', stockText(document)],
    ['delisted', delistedText(document)],
  ];
  const params = strategies.flatMap(({ label, params: own }) =>
    Object.entries(own).map(([name, value]): [string, string] => [isOne ? name : `${label}.${name}`, String(value)]),
  );
  const money: [string, string][] = [
    ['capital', `${moneyText(settings.capital, settings.currency)} ${settings.currency}`],
    ...currencyTexts(document).map((text): [string, string] => ['currency', text]),
    ['fee a fill', shareText(settings.feeRate)],
    ['slippage a fill', shareText(settings.slippageRate)],
    ...costTexts(settings).map(([name, text]): [string, string] => [name, text]),
    ...marginTexts(settings).map((text, place): [string, string] => [
      place === 0 && settings.margin !== undefined ? 'margin' : 'funding',
      text,
    ]),
    ...known.flatMap(([name, text]): [string, string][] => (text === null ? [] : [[name, text]])),
    ['risk plugins', riskText(document)],
  ];
  const files: [string, string][] = [
    ...strategies.flatMap((strategy): [string, string][] => [
      [isOne ? 'strategy' : strategy.label, `${strategy.file}, SHA-256 ${strategy.sha256}`],
      ...(strategy.modules ?? []).map((module): [string, string] => ['module', `${module.path}, SHA-256 ${module.sha256}`]),
      ...(strategy.plugins ?? []).map(({ name, version, code }): [string, string] => ['plugin', `${name} ${version}, ${code}`]),
    ]),
    ...document.data.flatMap(({ market, timeframe, sha256, stored, detail, ask, mark, depth, stock }): [string, string][] => [
      [`${market} ${timeframe}`, stored === undefined ? `SHA-256 ${sha256}` : `${storedText(stored)}, digest ${sha256}`],
      ...(detail === undefined ? [] : [[`${market} detail ${detail.timeframe}`, `SHA-256 ${detail.sha256}`] as [string, string]]),
      ...(ask === undefined ? [] : [[`${market} ask`, `SHA-256 ${ask.sha256}`] as [string, string]]),
      ...(mark === undefined
        ? []
        : [
            [
              `${market} mark`,
              mark.stored === undefined ? `SHA-256 ${mark.sha256}` : `${storedText(mark.stored)}, digest ${mark.sha256}`,
            ] as [string, string],
          ]),
      ...(depth === undefined ? [] : [[`${market} depth`, `SHA-256 ${depth.sha256}`] as [string, string]]),
      ...(stock === undefined ? [] : [[`${market} factors ${stock.file}`, `SHA-256 ${stock.sha256}`] as [string, string]]),
    ]),
    ['engine', document.engine],
    ['result', `SHA-256 ${document.resultHash}`],
    [
      'time',
      Object.entries(document.timing)
        .map(([name, ms]) => `${name} ${groupedNumber(ms, 1)}`)
        .join(', '),
    ],
  ];
  const conventions = conventionLines(document).map(({ name, value, meaning }): [string, string] => [name, `${value}: ${meaning}`]);
  const facts = (title: string, rows: readonly [string, string][], wide = ''): Html =>
    html`<div class="${wide}">
      <h3>${title}</h3>
      <table class="facts">
        ${rows.map(
          ([name, value]) =>
            html`<tr>
              <th scope="row">${name}</th>
              <td>${value}</td>
            </tr>`,
        )}
      </table>
    </div>`;
  return html`<section>
    <h2>To repeat this run</h2>
    <div class="groups">
      ${params.length > 0 ? facts('Parameters', params) : null}${facts('Settings', money)}${facts('Conventions', conventions)}
    </div>
    ${facts('Files and versions', files, 'files')}${sources.map((source, place) => sourceText(source, isOne ? 'the strategy' : strategies[place]!.label))}
  </section>`;
}

/** The strategy line by line, so that escaping leaves its line breaks alone. */
function sourceText(source: string, whose: string): Html {
  const lines = source.split(/\r?\n/).map((line) => escapeHtml(line));
  return html`<details>
    <summary>Source of ${whose}</summary>
    ${new Html(`<pre>${lines.join('\n')}</pre>`)}
  </details>`;
}
