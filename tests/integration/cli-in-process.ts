import { main } from '#core/cli/main.ts';

/** A command in this process, on a terminal of eighty columns without colour: quicker than one of its own. */
export async function strat(...argv: readonly string[]): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  let [out, err] = ['', ''];
  const io = { width: 80, color: false, isTerminal: false, showsProgress: false, env: {} };
  const code = await main(argv, { ...io, out: (text) => void (out += text), err: (text) => void (err += text) });
  return { code, out, err };
}
