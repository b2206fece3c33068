import { useEffect, useId, useState } from 'react';
import { readDropped } from './candle-file.ts';
import { NumberField } from './number-field.tsx';
import type { PlaygroundSession } from './session.ts';
import { KINDS, MOST_BARS, type SyntheticMarket, TIMEFRAMES } from './shared-state.ts';
import { useSlice } from './use-slice.ts';

const KIND_TEXTS: Readonly<Record<SyntheticMarket['kind'], string>> = {
  mixed: 'everything by turns',
  trends: 'rises and falls',
  range: 'a range',
  volatile: 'wild',
};

/** On what the strategy runs: a generated market, or a file of candles. */
export function MarketForm({ session }: { readonly session: PlaygroundSession }) {
  const market = useSlice(session, (state) => state.market);
  const file = useSlice(session, (state) => state.file);
  const own = useSlice(session, (state) => state.inspection?.timeframe ?? null);
  const [refused, setRefused] = useState<string | null>(null);
  const id = useId();
  const take = async (given: File | undefined): Promise<void> => {
    if (given === undefined) return;
    const read = await readDropped(given);
    setRefused(typeof read === 'string' ? read : null);
    if (typeof read !== 'string') session.drop(read);
  };
  // Anywhere on the page: dropped beside this form, the browser would leave the page for the file.
  useEffect(() => {
    const over = (event: DragEvent): void => {
      if (event.dataTransfer?.types.includes('Files') === true) event.preventDefault();
    };
    const drop = (event: DragEvent): void => {
      const [given] = event.dataTransfer?.files ?? [];
      if (given === undefined) return;
      event.preventDefault();
      void take(given);
    };
    addEventListener('dragover', over, { capture: true });
    addEventListener('drop', drop, { capture: true });
    return () => {
      removeEventListener('dragover', over, { capture: true });
      removeEventListener('drop', drop, { capture: true });
    };
  });
  return (
    <section className="card market-form" aria-label="Data">
      <h2>Data {file === null ? <span className="badge synthetic">SYNTHETIC</span> : <span className="badge">{file.name}</span>}</h2>
      <div className="fields">
        {file === null && (
          <>
            <label htmlFor={`${id}kind`}>
              Market
              <select
                id={`${id}kind`}
                value={market.kind}
                onChange={(event) => session.choose({ ...market, kind: KINDS.find((kind) => kind === event.target.value) ?? 'mixed' })}
              >
                {KINDS.map((kind) => (
                  <option key={kind} value={kind}>
                    {KIND_TEXTS[kind]}
                  </option>
                ))}
              </select>
            </label>
            <NumberField
              label="Seed"
              value={market.seed}
              least={0}
              most={999_999_999}
              step={1}
              change={(seed) => session.choose({ ...market, seed })}
            />
            <NumberField
              label="Bars"
              value={market.bars}
              least={1}
              most={MOST_BARS}
              step={1000}
              change={(bars) => session.choose({ ...market, bars })}
            />
          </>
        )}
        <label htmlFor={`${id}timeframe`}>
          Length of a bar
          <select
            id={`${id}timeframe`}
            value={market.timeframe ?? ''}
            onChange={(event) => session.choose({ ...market, timeframe: event.target.value === '' ? null : event.target.value })}
          >
            <option value="">as the strategy says{own === null ? '' : `: ${own}`}</option>
            {TIMEFRAMES.map((timeframe) => (
              <option key={timeframe}>{timeframe}</option>
            ))}
          </select>
        </label>
      </div>
      <div className="buttons">
        {file === null && (
          <button type="button" onClick={() => session.choose({ ...market, seed: (market.seed + 1) % 1_000_000_000 })}>
            Another market
          </button>
        )}
        {file !== null && (
          <button type="button" onClick={() => session.drop(null)}>
            Back to generated markets
          </button>
        )}
        <label className="file-choice">
          <input
            type="file"
            accept=".csv,.gz"
            onChange={(event) => {
              void take(event.target.files?.[0]);
              event.target.value = '';
            }}
          />
          <span>Candles of your own …</span>
        </label>
      </div>
      <p className="soft">
        {file === null
          ? 'Made by a generator: it says nothing about real markets. A .csv or .csv.gz of candles can be dropped on this page.'
          : 'The file is read in this page and goes nowhere.'}
      </p>
      {refused !== null && (
        <p className="bad-text" role="alert">
          {refused}
        </p>
      )}
    </section>
  );
}
