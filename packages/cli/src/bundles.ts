import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Bundles } from '@bclaw/ops';

const { resolve } = createRequire(import.meta.url);

/** The Lambda bundles of this version of bclaw, from their packages. */
export async function readBundles(): Promise<Bundles> {
  const [launcher, functions, macro] = await Promise.all([
    readFile(resolve('@bclaw/launcher/lambda.zip')),
    readFile(resolve('@bclaw/functions/lambda.zip')),
    readFile(resolve('@bclaw/macro/lambda.zip')),
  ]);
  return { launcher, functions, macro };
}
