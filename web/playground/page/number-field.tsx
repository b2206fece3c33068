import { useId, useState } from 'react';

interface NumberFieldProps {
  readonly label: string;
  readonly value: number;
  readonly least: number;
  readonly most: number;
  readonly step: number;
  readonly change: (value: number) => void;
}

/** A whole number in a range. What is typed on the way to one, or is none, changes nothing. */
export function NumberField({ label, value, least, most, step, change }: NumberFieldProps) {
  const id = useId();
  const [typed, setTyped] = useState<string | null>(null);
  const isGood = (text: string): boolean => /^\d{1,9}$/.test(text) && Number(text) >= least && Number(text) <= most;
  return (
    <label htmlFor={id}>
      {label}
      <input
        id={id}
        type="number"
        inputMode="numeric"
        min={least}
        max={most}
        step={step}
        value={typed ?? value}
        aria-invalid={typed !== null && !isGood(typed)}
        onChange={({ target }) => {
          setTyped(target.value);
          if (isGood(target.value)) change(Number(target.value));
        }}
        onBlur={() => setTyped(null)}
      />
    </label>
  );
}
