/** Packs the VS Code extension: `npm run vsix`, or `npx node scripts/build-vsix.ts FILE`. The client is bundled with all that it needs; what is installed is one file. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { strToU8, zipSync, type Zippable } from 'fflate';
import stratPackage from '../package.json' with { type: 'json' };
import manifest from '../dsl/tools/vscode/package.json' with { type: 'json' };

const EXTENSION = fileURLToPath(new URL('../dsl/tools/vscode/', import.meta.url));
const LICENSE = fileURLToPath(new URL('../LICENSE', import.meta.url));
/** What is packed as it stands. */
const FILES = ['README.md', 'language-configuration.json', 'syntaxes/strat.tmLanguage.json', 'snippets/strat.json', 'images/icon.png'];
/** The time in archives: equal sources give equal files. */
const FIXED_TIME = new Date(1980, 0, 1);

export const VSIX_FILE = `${EXTENSION}strat-${stratPackage.version}.vsix`;

/** The files of the extension by their path in it. */
export async function extensionFiles(): Promise<ReadonlyMap<string, Uint8Array>> {
  const { outputFiles } = await build({
    entryPoints: [`${EXTENSION}src/extension.ts`],
    bundle: true,
    write: false,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    external: ['vscode'],
    minify: true,
    legalComments: 'eof',
    logLevel: 'error',
  });
  return new Map([
    ['package.json', strToU8(`${JSON.stringify({ ...manifest, version: stratPackage.version }, null, 2)}\n`)],
    ['dist/extension.js', outputFiles[0]!.contents],
    ['LICENSE.txt', readFileSync(LICENSE)],
    ...FILES.map((file) => [file, readFileSync(EXTENSION + file)] as const),
  ]);
}

/** The archive that `code --install-extension` takes: the extension, its manifest, and the kinds of its files (Open Packaging Conventions). */
export async function vsix(): Promise<Uint8Array> {
  const files = await extensionFiles();
  const parts: Zippable = {
    'extension.vsixmanifest': strToU8(vsixManifest()),
    '[Content_Types].xml': strToU8(contentTypes([...files.keys()])),
  };
  for (const [path, bytes] of files) parts[`extension/${path}`] = bytes;
  return zipSync(parts, { level: 9, mtime: FIXED_TIME });
}

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

function vsixManifest(): string {
  const { name, publisher, displayName, description, keywords, categories, engines } = manifest;
  return `<?xml version="1.0" encoding="utf-8"?>
<PackageManifest Version="2.0.0" xmlns="http://schemas.microsoft.com/developer/vsx-schema/2011">
  <Metadata>
    <Identity Language="en-US" Id="${escaped(name)}" Version="${escaped(stratPackage.version)}" Publisher="${escaped(publisher)}" />
    <DisplayName>${escaped(displayName)}</DisplayName>
    <Description xml:space="preserve">${escaped(description)}</Description>
    <Tags>${escaped(keywords.join(','))}</Tags>
    <Categories>${escaped(categories.join(','))}</Categories>
    <Properties>
      <Property Id="Microsoft.VisualStudio.Code.Engine" Value="${escaped(engines.vscode)}" />
      <Property Id="Microsoft.VisualStudio.Code.ExtensionKind" Value="workspace" />
    </Properties>
    <License>extension/LICENSE.txt</License>
    <Icon>extension/${manifest.icon}</Icon>
  </Metadata>
  <Installation><InstallationTarget Id="Microsoft.VisualStudio.Code" /></Installation>
  <Dependencies />
  <Assets>
    <Asset Type="Microsoft.VisualStudio.Code.Manifest" Path="extension/package.json" Addressable="true" />
    <Asset Type="Microsoft.VisualStudio.Services.Content.Details" Path="extension/README.md" Addressable="true" />
    <Asset Type="Microsoft.VisualStudio.Services.Content.License" Path="extension/LICENSE.txt" Addressable="true" />
    <Asset Type="Microsoft.VisualStudio.Services.Icons.Default" Path="extension/${manifest.icon}" Addressable="true" />
  </Assets>
</PackageManifest>
`;
}

const KINDS: Readonly<Record<string, string>> = {
  json: 'application/json',
  js: 'application/javascript',
  md: 'text/markdown',
  txt: 'text/plain',
  png: 'image/png',
  vsixmanifest: 'text/xml',
};

function contentTypes(paths: readonly string[]): string {
  const endings = [...new Set([...paths.map((path) => path.slice(path.lastIndexOf('.') + 1)), 'vsixmanifest'])];
  const lines = endings.map((ending) => `  <Default Extension=".${ending}" ContentType="${KINDS[ending]!}" />`);
  return `<?xml version="1.0" encoding="utf-8"?>\n<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">\n${lines.join('\n')}\n</Types>\n`;
}

if (import.meta.main) {
  const file = resolve(process.argv[2] ?? VSIX_FILE);
  mkdirSync(dirname(file), { recursive: true });
  const bytes = await vsix();
  writeFileSync(file, bytes);
  console.log(`${file}: ${Math.ceil(bytes.length / 1024)} KB. Install it with: code --install-extension ${file}`);
}
