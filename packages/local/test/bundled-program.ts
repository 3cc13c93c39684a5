import { mkdirSync, mkdtempSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** A new folder within the repository, where a bundled program finds the built workers like an installed engine. */
export function programsFolder(): string {
  const cache = fileURLToPath(new URL('../../../node_modules/.cache/', import.meta.url));
  mkdirSync(cache, { recursive: true });
  return mkdtempSync(join(cache, 'engine-'));
}

/** Builds a TypeScript program beside a test so that plain Node.js can run it, in a process that may be killed. */
export async function bundledProgram(source: URL, directory: string): Promise<string> {
  const outfile = join(directory, basename(source.pathname).replace(/\.ts$/, '.mjs'));
  await build({
    entryPoints: [fileURLToPath(source)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    conditions: ['@bclaw/source'],
    logLevel: 'warning',
    // CommonJS dependencies inside the bundle still call require() for Node.js's own modules.
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
  });
  return outfile;
}
