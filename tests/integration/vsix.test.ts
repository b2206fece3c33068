import { Module, createRequire } from 'node:module';
import { mkdtempSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { strFromU8, unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCompiler } from '#dsl/compile.ts';
import { parse } from '#dsl/grammar/parse.ts';
import { serverCommand } from '../../dsl/tools/vscode/src/server-command.ts';
import { vsix } from '../../scripts/build-vsix.ts';
import { fakeVscode } from './fake-vscode.ts';

/** The extension as it is packed: what its manifest names is in it, and its client, loaded in a stand-in for the editor, starts a real server. */
let files: Readonly<Record<string, Uint8Array>>;
const folder = mkdtempSync(join(tmpdir(), 'strat-vsix-'));
interface Manifest {
  readonly main: string;
  readonly icon: string;
  readonly version: string;
  readonly contributes: {
    readonly languages: readonly [{ readonly configuration: string }];
    readonly grammars: readonly [{ readonly path: string }];
    readonly snippets: readonly [{ readonly path: string }];
  };
}

interface Snippet {
  readonly prefix: string;
  readonly body: readonly string[];
}

const json = (path: string): unknown => JSON.parse(strFromU8(files[`extension/${path}`]!));

beforeAll(async () => {
  files = unzipSync(await vsix());
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('the package', () => {
  it('has every file that its manifests name, and each has a kind', () => {
    const manifest = json('package.json') as Manifest;
    const { languages, grammars, snippets } = manifest.contributes;
    const named = [manifest.main, manifest.icon, languages[0].configuration, grammars[0].path, snippets[0].path].map(
      (path: string) => `extension/${path.replace('./', '')}`,
    );
    const xml = strFromU8(files['extension.vsixmanifest']!);
    const assets = [...xml.matchAll(/Path="([^"]+)"|<(?:License|Icon)>([^<]+)</g)].map(([, asset, text]) => asset ?? text!);
    expect(assets.length).toBeGreaterThan(4);
    expect([...named, ...assets].filter((path) => files[path] === undefined)).toEqual([]);
    expect(xml).toContain(`Version="${manifest.version}"`);
    const kinds = strFromU8(files['[Content_Types].xml']!);
    const endings = Object.keys(files)
      .filter((path) => !path.startsWith('['))
      .map((path) => path.slice(path.lastIndexOf('.')));
    expect(endings.filter((ending) => !kinds.includes(`Extension="${ending}"`))).toEqual([]);
    expect(files['extension/images/icon.png']!.slice(1, 4)).toEqual(new Uint8Array([80, 78, 71]));
  });

  it('is the same each time', async () => {
    expect(unzipSync(await vsix())).toEqual(files);
  });

  it('has snippets that the compiler understands', () => {
    const compiler = createCompiler();
    const wrong = Object.entries(json('snippets/strat.json') as Record<string, Snippet>).flatMap(([name, { prefix, body }]) => {
      const values = new Map<string, string>();
      const text = body
        .join('\n')
        .replaceAll(/\$\{(\d+):([^}]*)\}/g, (_, number: string, value: string) => {
          if (!values.has(number)) values.set(number, value);
          return values.get(number)!;
        })
        .replaceAll('$0', '');
      const isWhole = prefix === 'strategy' || prefix === 'module';
      const source = isWhole ? text : `strat 1\nstrategy "x"\ntrade BTC/USDT on 1h\n${text}\n`;
      if (!isWhole) return parse(source).diagnostics.map(({ message }) => `${name}: ${message}`);
      return compiler.compile(source).diagnostics.map(({ message }) => `${name}: ${message}`);
    });
    expect(wrong).toEqual([]);
  });
});

describe('the client', () => {
  it.each<[what: string, setting: string, folders: string[], there: string[], expected: string | null]>([
    ['the setting', '/opt/strat ', ['/work'], ['/work/bin/strat.js'], '/opt/strat'],
    [
      'the package of the folder',
      '',
      ['/a', '/work'],
      ['/work/node_modules/.bin/strat', '/work/bin/strat.js'],
      '/work/node_modules/.bin/strat',
    ],
    ["strat's own repository", '', ['/work'], ['/work/bin/strat.js'], '/work/bin/strat.js'],
    ['nothing', '', ['/work'], [], null],
  ])('starts %s', async (_, setting, folders, there, expected) => {
    const found = await serverCommand(setting, folders, (path) => Promise.resolve(there.includes(path)));
    expect(found?.command ?? null).toBe(expected);
  });

  it('starts a real server, and stops it', async () => {
    mkdirSync(join(folder, 'dist'));
    mkdirSync(join(folder, 'work/node_modules/.bin'), { recursive: true });
    writeFileSync(join(folder, 'dist/extension.cjs'), files['extension/dist/extension.js']!);
    symlinkSync(resolve('bin/strat.js'), join(folder, 'work/node_modules/.bin/strat'));
    symlinkSync(process.execPath, join(folder, 'work/node_modules/.bin/node'));
    const editor = fakeVscode(join(folder, 'work'));
    const load = Reflect.get(Module, '_load') as (request: string, ...more: unknown[]) => unknown;
    Reflect.set(Module, '_load', (request: string, ...more: unknown[]) => (request === 'vscode' ? editor.module : load(request, ...more)));
    try {
      const extension = createRequire(import.meta.url)(join(folder, 'dist/extension.cjs')) as {
        activate: (context: object) => Promise<void>;
        deactivate: () => Promise<void>;
      };
      await extension.activate({ subscriptions: [] });
      expect(editor.warnings).toEqual([]);
      expect(editor.registered).toEqual(
        expect.arrayContaining(['registerHoverProvider', 'registerCompletionItemProvider', 'registerRenameProvider']),
      );
      await extension.deactivate();
    } finally {
      Reflect.set(Module, '_load', load);
    }
  });
});
