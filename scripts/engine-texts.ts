import { readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { minifySync, transformSync } from 'rolldown/utils';

const CORE = join(dirname(import.meta.dirname), 'core');
/** What an isolate loads: core/sandbox/engine-modules.ts. */
const ENGINE = join(CORE, 'engine/trading/trading-engine.ts');
const IMPORT = /^(?:import|export)\b[^'"]*?\bfrom\s*['"](?<specifier>[^'"]+)['"]/gm;

/** Modules of the engine, by their place below core/: their texts without types and whitespace, as isolates load them. */
export function engineTexts(): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  const waiting = [ENGINE];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    const place = relative(CORE, file);
    if (texts.has(place)) continue;
    const { code, errors } = transformSync(file, readFileSync(file, 'utf8'), { lang: 'ts', typescript: { onlyRemoveTypeImports: true } });
    if (errors.length > 0) throw new Error(`${file}: ${errors[0]!.message}`);
    for (const { groups } of code.matchAll(IMPORT)) {
      const specifier = groups!['specifier']!;
      waiting.push(specifier.startsWith('#core/') ? join(CORE, specifier.slice('#core/'.length)) : join(dirname(file), specifier));
    }
    texts.set(place, minifySync(file.replace(/\.ts$/, '.js'), code, { compress: false, mangle: false, module: true }).code);
  }
  return texts;
}

/**
 * What the bundle has in the place of core/sandbox/engine-texts.ts. It imports what the texts were made of, so that a command whose bundle they are in is not run from it
 * once one of them has changed.
 */
export function engineTextsModule(): string {
  const texts = [...engineTexts()];
  const imports = texts.map(([place]) => `import ${JSON.stringify(`../${place}`)};`);
  return `${imports.join('\n')}\nexport const ENGINE_TEXTS = new Map(${JSON.stringify(texts)});`;
}
