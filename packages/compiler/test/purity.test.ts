import { builtinModules } from 'node:module';
import { fileURLToPath } from 'node:url';
import { runInNewContext } from 'node:vm';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { compiled, options } from './compiled.js';
import { everyKind } from './workflows.js';

const entry = fileURLToPath(new URL('../src/index.ts', import.meta.url));

/** The compiler's whole module graph, including transitive dependencies. */
const bundle = await build({
  entryPoints: [entry],
  bundle: true,
  write: false,
  metafile: true,
  platform: 'browser',
  format: 'iife',
  globalName: 'bclaw',
  conditions: ['@bclaw/source'],
  logLevel: 'silent',
});

describe('the module graph of the compiler', () => {
  const modules = Object.keys(bundle.metafile.inputs);
  const imports = Object.values(bundle.metafile.inputs).flatMap((input) => input.imports.map(({ path }) => path));

  it('is the one that was looked at', () => {
    expect(modules.some((path) => path.endsWith('packages/compiler/src/compile.ts'))).toBe(true);
    expect(modules.some((path) => path.endsWith('packages/spec/src/index.ts'))).toBe(true);
  });

  it('reaches no AWS SDK', () => {
    expect([...modules, ...imports].filter((path) => /@aws-sdk|@smithy|aws-sdk/.test(path))).toEqual([]);
  });

  it('reaches no module of Node.js', () => {
    const builtins = new Set(builtinModules);
    expect(imports.filter((path) => path.startsWith('node:') || builtins.has(path))).toEqual([]);
    expect(bundle.warnings).toEqual([]);
  });
});

describe('the compiler in a browser', () => {
  it('gives the same result with nothing of Node.js around, and without a clock or chance', () => {
    const forbidden = (what: string) => () => {
      throw new Error(`${what} was asked`);
    };
    const [script] = bundle.outputFiles;
    const source = everyKind;
    const sandbox = {
      TextEncoder,
      TextDecoder,
      source: JSON.stringify(source),
      options: JSON.stringify(options),
      noClock: forbidden('the clock'),
      noChance: forbidden('chance'),
    };
    const text: unknown = runInNewContext(
      `${script?.text}
       Date.now = noClock; Math.random = noChance;
       JSON.stringify(bclaw.compile(JSON.parse(source), JSON.parse(options)));`,
      sandbox,
    );
    expect(text).toBe(JSON.stringify(compiled(source)));
  });
});
