import { useId } from 'react';
import type { ShownParam } from '../messages.ts';
import type { PlaygroundSession } from './session.ts';
import { useSlice } from './use-slice.ts';

const NO_PARAMS: readonly ShownParam[] = [];
/** Places of a slider over a range that names no step. */
const STEPS = 200;

/** The params of the strategy, to be moved. */
export function ParamForm({ session }: { readonly session: PlaygroundSession }) {
  const params = useSlice(session, (state) => state.inspection?.params) ?? NO_PARAMS;
  const moved = useSlice(session, (state) => state.moved);
  const texts = useSlice(session, (state) => state.answer?.values);
  if (params.length === 0) return null;
  return (
    <section className="card param-form" aria-label="Params">
      <div className="param-head">
        <h2>Params</h2>
        <button type="button" disabled={moved.length === 0} onClick={() => session.reset()}>
          As written
        </button>
      </div>
      {params.map((param) => {
        const value = moved.find(({ name }) => name === param.name)?.value ?? param.default;
        return (
          <ParamField
            key={param.name}
            param={param}
            value={value}
            text={texts?.[param.name] ?? ''}
            move={(next) => session.move({ name: param.name, value: next })}
          />
        );
      })}
    </section>
  );
}

interface ParamFieldProps {
  readonly param: ShownParam;
  readonly value: number;
  readonly text: string;
  readonly move: (value: number) => void;
}

function ParamField({ param, value, text, move }: ParamFieldProps) {
  const id = useId();
  const { name, label = name, min, max, step, kind, choices, choiceTexts } = param;
  if (kind === 'condition')
    return (
      <label className="param" htmlFor={id}>
        <span>{label}</span>
        <input id={id} type="checkbox" checked={value === 1} onChange={(event) => move(event.target.checked ? 1 : 0)} />
      </label>
    );
  if (choices !== undefined)
    return (
      <label className="param" htmlFor={id}>
        <span>{label}</span>
        <select id={id} value={choices.indexOf(value)} onChange={(event) => move(choices[Number(event.target.value)] ?? value)}>
          {choiceTexts.map((choice, place) => (
            <option key={choice} value={place}>
              {choice}
            </option>
          ))}
        </select>
      </label>
    );
  if (min === max)
    return (
      <p className="param">
        <span>{label}</span> <output className="num">{text}</output> <span className="soft">no range</span>
      </p>
    );
  return (
    <label className="param" htmlFor={id}>
      <span>{label}</span>
      <input
        id={id}
        type="range"
        min={min}
        max={max}
        step={step ?? (max - min) / STEPS}
        value={value}
        aria-valuetext={text}
        onChange={(event) => move(onStep(Number(event.target.value), param))}
      />
      <output htmlFor={id} className="num">
        {text}
      </output>
    </label>
  );
}

/** Without the dust of binary fractions, which a slider gives: 0.07, not 0.07000000000000001. */
function onStep(value: number, { min, max }: ShownParam): number {
  return Math.min(max, Math.max(min, Number(value.toPrecision(12))));
}
