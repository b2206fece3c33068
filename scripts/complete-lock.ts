/**
 * Makes package-lock.json the same on every machine: `node scripts/complete-lock.ts`, after each `npm install <package>`.
 *
 * - Removes download addresses: a lock file names packages and their checksums, not the mirror that served them.
 * - Adds the entries of optional platform packages (`@swc/core-darwin-arm64`, ...) that npm leaves out when the mirror
 *   in use does not carry them; without them `npm ci` calls the file out of sync. Such an entry has no checksum.
 */
import { readFileSync, writeFileSync } from 'node:fs';

interface LockEntry {
  version?: string;
  resolved?: string;
  optional?: boolean;
  dev?: boolean;
  os?: string[];
  cpu?: string[];
  libc?: string[];
  optionalDependencies?: Record<string, string>;
}

const OS = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32'];
const CPU = ['arm64', 'arm', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'x64', 'wasm32'];

/** What a platform package's name says of the machine it is for; undefined when it names no platform. */
export function platformOf(name: string): Pick<LockEntry, 'os' | 'cpu' | 'libc'> | undefined {
  const words = name.split(/[/-]/);
  const os = OS.find((candidate) => words.includes(candidate));
  const cpu = CPU.find((candidate) => words.includes(candidate));
  if (os === undefined || cpu === undefined) return undefined;
  const libc = words.some((word) => word.startsWith('musl'))
    ? ['musl']
    : words.some((word) => word.startsWith('gnu')) && os === 'linux'
      ? ['glibc']
      : undefined;
  return { os: [os], cpu: [cpu], ...(libc === undefined ? {} : { libc }) };
}

export function completeLock(packages: Record<string, LockEntry>): Record<string, LockEntry> {
  const complete = { ...packages };
  for (const entry of Object.values(packages)) {
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      const place = `node_modules/${name}`;
      const platform = platformOf(name);
      if (place in packages || platform === undefined || !/^\d+\.\d+\.\d+$/.test(version)) continue;
      complete[place] = { version, ...platform, ...(entry.dev === true ? { dev: true } : {}), optional: true };
    }
  }
  return Object.fromEntries(
    Object.entries(complete)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([place, { resolved: _address, ...entry }]) => [place, entry]),
  );
}

if (import.meta.main) {
  const path = new URL('../package-lock.json', import.meta.url);
  const lock = JSON.parse(readFileSync(path, 'utf8')) as { packages: Record<string, LockEntry> };
  lock.packages = completeLock(lock.packages);
  writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`);
}
