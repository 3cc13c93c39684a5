import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** What a linter found: in which file, where in it, under which code. */
export interface Finding {
  readonly tool: 'cfn-lint' | 'statelint';
  readonly file: string;
  /** Of cfn-lint the rule's id; statelint has none. */
  readonly code: string;
  /** Of cfn-lint the path, `Resources/X/Properties/Y`; of statelint the whole sentence. */
  readonly where: string;
  readonly message: string;
}

const program = (name: string) => fileURLToPath(new URL(`../../.conformance/venv/bin/${name}`, import.meta.url));

/** Runs a linter, which exits otherwise than with 0 when it has found something. */
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

/** All that cfn-lint says about templates, informational rules included. */
export async function cfnLint(files: readonly string[]): Promise<readonly Finding[]> {
  const matches: readonly CfnLintMatch[] = JSON.parse(
    await output('cfn-lint', ['--format', 'json', '--include-checks', 'I', '--', ...files]),
  );
  return matches.map((match) => ({
    tool: 'cfn-lint',
    file: match.Filename,
    code: match.Rule.Id,
    where: (match.Location.Path ?? []).join('/'),
    message: match.Message,
  }));
}

/** All that statelint says about a state machine definition. */
export async function statelint(file: string): Promise<readonly Finding[]> {
  const lines = (await output('statelint', [file])).split('\n').map((line) => line.trim());
  return lines
    .filter((line) => line !== '' && !/^(?:\d+|One|No) errors?:?$/i.test(line))
    .map((line) => ({ tool: 'statelint', file, code: '', where: line, message: '' }));
}
