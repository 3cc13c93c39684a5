import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Bundles } from '@bclaw/ops';

const require = createRequire(import.meta.url);

/** The Lambda bundles of this version of bclaw, from their packages. */
export async function readBundles(): Promise<Bundles> {
  const [launcher, functions, macro] = await Promise.all([
    readFile(require.resolve('@bclaw/launcher/lambda.zip')),
    readFile(require.resolve('@bclaw/functions/lambda.zip')),
    readFile(require.resolve('@bclaw/macro/lambda.zip')),
  ]);
  return { launcher, functions, macro };
}
