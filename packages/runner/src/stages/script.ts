import { chmod, writeFile } from 'node:fs/promises';
import { BclawError, type CommandFiles, fillCommands, type JobData, type JobStep } from '@bclaw/spec/run-time';
import type { StepPlan } from '../step-plan.js';

/** Command lines of the shells: all stop at the first failure and print their commands. */
const shells = {
  sh: ['sh', '-veu'],
  bash: ['bash', '-veuo', 'pipefail'],
  'sh-pipefail': ['sh', '-veuo', 'pipefail'],
} as const satisfies Record<JobStep['shell'], readonly string[]>;

/** The command line that runs a script file. */
export function shellCommand(shell: JobStep['shell'], scriptFile: string): readonly string[] {
  return [...shells[shell], scriptFile];
}

/**
 * The step's commands as one script, with the job's data and the local file names substituted.
 *
 * @param files - name of an input, reference or output → its local files
 * @throws BclawError `missing-value`, `bad-reference`, `unquotable-value`, `bad-commands`
 */
export function scriptOf(step: JobStep, data: JobData, files: CommandFiles): string {
  const script = fillCommands(step.commands, data, files, {
    // dash does not support pipefail; with it, the shell may be any other, including bash.
    shell: step.shell === 'bash' ? 'bash' : 'sh',
    values: step.job_values ?? 'verbatim',
  });
  if (script.includes('\0'))
    throw new BclawError('bad-commands', 'The commands contain a NUL character, which no shell can read.');
  return script;
}

/** Writes the script of {@link scriptOf} to a file for the shell. */
export async function writeScript(path: string, script: string): Promise<void> {
  await writeFile(path, script);
  // Set explicitly, not left to this process's umask: the image's user may differ.
  await chmod(path, 0o755);
}

/**
 * The values of a step's names in its commands. An unnamed input has the lowest precedence.
 *
 * @param staged - name of an input → its local files
 */
export function commandFiles(
  { outputs, references }: StepPlan,
  staged: Readonly<Record<string, readonly string[]>>,
): CommandFiles {
  return Object.fromEntries([
    ...Object.entries(staged).map(([name, words]) => [name, { words: words.map(asPath) }]),
    ...outputs.map(({ name, file, glob }) => [
      name,
      glob === undefined ? { words: [asPath(file)] } : { words: [asPath(glob)], areGlobs: true },
    ]),
    ...references.map(({ name, file }) => [name, { words: [asPath(file)] }]),
  ]);
}

/** A program would take a name that begins with a hyphen for an option: `cat a.txt -n` leaves a file out. */
function asPath(name: string): string {
  return name.startsWith('-') ? `./${name}` : name;
}
