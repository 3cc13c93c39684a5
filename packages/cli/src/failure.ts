import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { BclawError } from '@bclaw/spec';
import { given } from '@bclaw/spec/given';
import { CommanderError } from '@commander-js/extra-typings';
import type { Terminal } from './terminal.js';

/** Exit codes of the process. */
export const exitCode = { ok: 0, failed: 1, usage: 2, diagnostics: 3, changes: 4, interrupted: 130 } as const;
export type ExitCode = (typeof exitCode)[keyof typeof exitCode];

/** Invalid usage of a command: exit code 2. */
export class UsageError extends BclawError {
  override readonly name = 'UsageError';

  constructor(message: string, hint?: string) {
    super('usage', message, given({ hint }));
  }
}

/** Ends a command with this exit code and without a message. */
export class Exit extends Error {
  override readonly name = 'Exit';
  readonly code: ExitCode;

  constructor(code: ExitCode) {
    super(`exit ${code}`);
    this.code = code;
  }
}

/** Prints an error and its hint; a stack trace only with `BCLAW_DEBUG`. */
export async function reportFailure(error: unknown, terminal: Terminal, debug: boolean): Promise<ExitCode> {
  terminal.endProgress();
  if (error instanceof Exit) return error.code;
  // Commander has already printed its own message or the requested help.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.ok : exitCode.usage;
  const known = error instanceof BclawError ? error : await explain(error);
  const { red, dim } = terminal.noteStyle;
  terminal.note(`${red('bclaw:')} ${known.message}`);
  if (known.hint !== undefined) terminal.note(`  ${dim('→')} ${known.hint}`);
  if (debug) terminal.note(String((error instanceof Error && error.stack) || error));
  else if (known.code === 'unexpected') terminal.note(`  ${dim('→')} BCLAW_DEBUG=1 shows where it came from.`);
  if (known.code === 'interrupted') return exitCode.interrupted;
  return known instanceof UsageError ? exitCode.usage : exitCode.failed;
}

/** Common errors of Node.js, then those of the AWS SDK. */
async function explain(error: unknown): Promise<BclawError> {
  if (isSystemError(error) && error.path !== undefined) {
    const reasons: Readonly<Record<string, string>> = {
      ENOENT: 'There is no file',
      EISDIR: 'That is a folder, not a file:',
      EACCES: 'No permission for',
      ENOSPC: 'The disk is full:',
      EEXIST: 'There is a file already where a folder must be:',
      ENOTDIR: 'A part of this path is a file, not a folder:',
    };
    const folder = dirname(error.path);
    if (error.code === 'ENOENT' && !existsSync(folder)) return new UsageError(`There is no folder ${folder}.`);
    const reason = reasons[error.code];
    if (reason !== undefined) return new UsageError(`${reason} ${error.path}.`);
  }
  const { explainError } = await import('@bclaw/ops');
  return explainError(error);
}

function isSystemError(error: unknown): error is Error & { code: string; path?: string } {
  return error instanceof Error && 'code' in error && typeof error.code === 'string';
}
