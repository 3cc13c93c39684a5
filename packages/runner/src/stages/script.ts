import { writeFile } from 'node:fs/promises';
import { BclawError, type JobData, type JobStep, substitute } from '@bclaw/spec/run-time';

/** How each shell is started: all stop at the first failure and show what they do. */
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
 * Writes the step's commands into one script, with the job's data and the local file names put in.
 *
 * @param files - name of an input, reference or output → its local files
 * @throws BclawError `missing-value`
 */
export async function writeScript(
  path: string,
  commands: readonly string[],
  data: JobData,
  files: Readonly<Record<string, readonly string[]>>,
): Promise<void> {
  const names = Object.fromEntries(Object.entries(files).map(([name, local]) => [name, local.join(' ')]));
  const script = commands.map((command) => `${substitute(command, data, names)}\n`).join('');
  if (script.includes('\0'))
    throw new BclawError('bad-commands', 'The commands contain a NUL character, which no shell can read.');
  await writeFile(path, script, { mode: 0o755 });
}
