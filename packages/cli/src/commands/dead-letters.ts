import { type DeadLetter, listDeadLetters, type RedrivenLetter, redriveDeadLetters } from '@bclaw/ops';
import { connect, installationOf } from '../connection.js';
import type { deadLettersCommand } from '../declarations/jobs.js';
import type { OptionsOf } from '../declarations/options.js';
import { formatTime } from '../duration.js';
import { Exit, exitCode } from '../failure.js';
import { table } from '../table.js';
import type { Terminal } from '../terminal.js';

type DeadLettersOptions = OptionsOf<typeof deadLettersCommand>;

/** `bclaw dead-letters` */
export async function deadLetters(workflow: string, options: DeadLettersOptions, terminal: Terminal): Promise<void> {
  const { clients } = await connect(options, terminal);
  const what = { workflow, ...installationOf(options) };
  if (options.redrive !== true) {
    const letters = await listDeadLetters(clients, what);
    if (options.json === true) terminal.json(letters);
    else if (letters.length > 0) terminal.data(lettersTable(letters));
    else terminal.note(`${workflow}: no dead letters.`);
    return;
  }
  const done = await redriveDeadLetters(clients, {
    ...what,
    onRedriven: (letter) => terminal.progress(`${jobOf(letter)}: ${letter.outcome}`),
  });
  terminal.endProgress();
  if (options.json === true) terminal.json(done);
  else if (done.length > 0) terminal.data(redrivenTable(done, terminal.dataStyle));
  else terminal.note(`${workflow}: no dead letters.`);
  if (done.some(({ outcome }) => outcome === 'kept')) throw new Exit(exitCode.failed);
}

const jobOf = ({ jobFile, id }: DeadLetter): string => jobFile?.key ?? id;

function lettersTable(letters: readonly DeadLetter[]): string {
  return table(
    ['JOB FILE', 'GIVEN UP', 'ATTEMPTS', 'REASON'],
    letters.map((letter) => [jobOf(letter), formatTime(letter.failedAt), String(letter.attempts), letter.reason]),
  );
}

function redrivenTable(letters: readonly RedrivenLetter[], style: Terminal['dataStyle']): string {
  return table(
    ['JOB FILE', 'OUTCOME', 'EXECUTION'],
    letters.map((letter) =>
      letter.outcome === 'kept'
        ? [jobOf(letter), style.red('failed again'), letter.error]
        : [jobOf(letter), letter.outcome, letter.executionArn?.split(':').at(-1) ?? '-'],
    ),
  );
}
