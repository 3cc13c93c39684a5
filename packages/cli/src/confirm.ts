import { UsageError } from './failure.js';
import type { Terminal } from './terminal.js';

/**
 * Asks for confirmation before something is destroyed.
 *
 * @throws UsageError when the session is not interactive and `--yes` is missing
 */
export async function confirm(
  question: string,
  options: { readonly yes?: boolean },
  terminal: Terminal,
): Promise<boolean> {
  if (options.yes === true) return true;
  if (!terminal.isInteractive || process.stdin.isTTY !== true) {
    throw new UsageError(`${question} Nobody is there to answer.`, 'Say --yes.');
  }
  const prompts = await import('@clack/prompts');
  return (await prompts.confirm({ message: question, initialValue: false, output: process.stderr })) === true;
}
