import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from './failure.js';

/**
 * Checks that a profile exists: for a missing one, the AWS SDK only reports that the region or the credentials are
 * missing.
 *
 * @param name - the value of `--profile` or `AWS_PROFILE`
 * @throws UsageError
 */
export async function requireProfile(name: string, env: NodeJS.ProcessEnv = process.env): Promise<void> {
  // Profiles are [profile name] in the config file and [name] in the credentials file; the default is [default] in
  // both.
  const config = env['AWS_CONFIG_FILE'] || join(homedir(), '.aws', 'config');
  const credentials = env['AWS_SHARED_CREDENTIALS_FILE'] || join(homedir(), '.aws', 'credentials');
  const sections = [...(await sectionsOf(config)), ...(await sectionsOf(credentials))];
  if (name === 'default' || sections.includes(name)) return;
  throw new UsageError(
    `There is no AWS profile "${name}" in ${config} or ${credentials}.`,
    sections.length === 0
      ? 'Make one with `aws configure sso`, or set AWS_REGION and credentials in the environment.'
      : `There ${sections.length === 1 ? 'is' : 'are'} ${[...new Set(sections)].join(', ')}.`,
  );
}

async function sectionsOf(file: string): Promise<string[]> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch {
    return []; // a missing file has no profiles
  }
  return [...text.matchAll(/^\s*\[\s*(?:profile\s+)?(?:"([^"]+)"|([^\]\s]+))\s*\]/gm)].map(
    ([, quoted, plain]) => quoted ?? plain ?? '',
  );
}
