import type { BacktestDocument } from '../backtest-document.ts';
import { costTexts } from './cost-texts.ts';
import { escapeHtml, html, Html } from './html-text.ts';
import { groupedNumber, shareText } from './number-text.ts';
import { ASK_TEXT, conventionLines, detailText, marginTexts, riskText, stockText } from './run-notes.ts';

/** Everything that is needed to repeat the run. */
export function originSection(document: BacktestDocument, source: string | null): Html {
  const { settings, strategy } = document;
  const inside = detailText(document);
  const params = Object.entries(document.params).map(([name, value]): [string, string] => [name, String(value)]);
  const money: [string, string][] = [
    ['capital', `${groupedNumber(settings.capital, 2)} ${settings.currency}`],
    ['fee a fill', shareText(settings.feeRate)],
    ['slippage a fill', shareText(settings.slippageRate)],
    ...costTexts(settings).map(([name, text]): [string, string] => [name, text]),
    ...marginTexts(settings).map((text, place): [string, string] => [
      place === 0 && settings.margin !== undefined ? 'margin' : 'funding',
      text,
    ]),
    ...(inside === null ? [] : [['inside of bars', inside] as [string, string]]),
    ...(document.ask === undefined ? [] : [['bid and ask', ASK_TEXT] as [string, string]]),
    ...(document.stock === undefined ? [] : [['stock', stockText(document.stock)] as [string, string]]),
    ['risk plugins', riskText(document)],
  ];
  const files: [string, string][] = [
    ['strategy', `${strategy.file}, SHA-256 ${strategy.sha256}`],
    ...(strategy.modules ?? []).map((module): [string, string] => ['module', `${module.path}, SHA-256 ${module.sha256}`]),
    ...(strategy.plugins ?? []).map(({ name, version, code }): [string, string] => ['plugin', `${name} ${version}, ${code}`]),
    ...document.data.map((source): [string, string] => [`${source.market} ${source.timeframe}`, `SHA-256 ${source.sha256}`]),
    ...(document.detail === undefined
      ? []
      : [[`detail ${document.detail.timeframe}`, `SHA-256 ${document.detail.sha256}`] as [string, string]]),
    ...(document.ask === undefined ? [] : [['ask', `SHA-256 ${document.ask.sha256}`] as [string, string]]),
    ...(document.stock === undefined ? [] : [[`factors ${document.stock.file}`, `SHA-256 ${document.stock.sha256}`] as [string, string]]),
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
    ${facts('Files and versions', files, 'files')}${source === null ? null : sourceText(source)}
  </section>`;
}

/** The strategy line by line, so that escaping leaves its line breaks alone. */
function sourceText(source: string): Html {
  const lines = source.split(/\r?\n/).map((line) => escapeHtml(line));
  return html`<details>
    <summary>Source of the strategy</summary>
    ${new Html(`<pre>${lines.join('\n')}</pre>`)}
  </details>`;
}
