import { main } from '#core/cli/main.ts';

interface Answered {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** A command in this process, on a terminal of eighty columns without colour: quicker than one of its own. */
export const strat = stratWith({});

/** The same with an environment. */
export function stratWith(env: Readonly<Record<string, string>>): (...argv: readonly string[]) => Promise<Answered> {
  return async (...argv) => {
    let [out, err] = ['', ''];
    const io = { width: 80, color: false, isTerminal: false, showsProgress: false, env };
    const code = await main(argv, { ...io, out: (text) => void (out += text), err: (text) => void (err += text) });
    return { code, out, err };
  };
}
