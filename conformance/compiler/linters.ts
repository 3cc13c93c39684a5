import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** A finding of a linter: file, location and code. */
export interface Finding {
  readonly tool: 'cfn-lint' | 'statelint';
  readonly file: string;
  /** The rule's id from cfn-lint; statelint has none. */
  readonly code: string;
  /** The path from cfn-lint, `Resources/X/Properties/Y`; the whole sentence from statelint. */
  readonly where: string;
  readonly message: string;
}

const program = (name: string) => fileURLToPath(new URL(`../../.conformance/venv/bin/${name}`, import.meta.url));

/** Runs a linter, whose exit code is not 0 when it has findings. */
async function output(name: string, args: readonly string[]): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(program(name), args, { maxBuffer: 64 * 1024 * 1024 });
    return stdout;
  } catch (error) {
    if (error instanceof Error && 'stdout' in error && typeof error.stdout === 'string' && error.stdout !== '')
      return error.stdout;
    throw error;
  }
}

interface CfnLintMatch {
  readonly Filename: string;
  readonly Message: string;
  readonly Rule: { readonly Id: string };
  readonly Location: { readonly Path: readonly (string | number)[] | null };
}

/** Regions of each kind that cfn-lint checks for: what is missing in one of them is a finding. */
const regions = ['us-east-1', 'eu-west-1', 'eu-central-1', 'ap-south-1', 'us-gov-west-1', 'sa-east-1'];

/** All findings of cfn-lint for templates in six regions, including informational rules. */
export async function cfnLint(files: readonly string[]): Promise<readonly Finding[]> {
  const matches: readonly CfnLintMatch[] = JSON.parse(
    await output('cfn-lint', ['--format', 'json', '--include-checks', 'I', '--regions', ...regions, '--', ...files]),
  );
  return matches.map((match) => ({
    tool: 'cfn-lint',
    file: match.Filename,
    code: match.Rule.Id,
    where: (match.Location.Path ?? []).join('/'),
    message: match.Message,
  }));
}

/** All findings of statelint for a state machine definition. */
export async function statelint(file: string): Promise<readonly Finding[]> {
  const lines = (await output('statelint', [file])).split('\n').map((line) => line.trim());
  return lines
    .filter((line) => line !== '' && !/^(?:\d+|One|No) errors?:?$/i.test(line))
    .map((line) => ({ tool: 'statelint', file, code: '', where: line, message: '' }));
}
