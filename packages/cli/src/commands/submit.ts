import { basename } from 'node:path';
import { submit as submitJobs, watchJobs } from '@bclaw/ops';
import { given } from '@bclaw/spec/given';
import { connect, installationOf } from '../connection.js';
import type { submitCommand } from '../declarations/jobs.js';
import type { OptionsOf } from '../declarations/options.js';
import { Exit, exitCode } from '../failure.js';
import { readInputFile } from '../input-file.js';
import { whileWatching } from '../interruption.js';
import { colouredStatus, failureLines, hiddenLines } from '../job-lines.js';
import { showingProgress } from '../progress/job-progress.js';
import { table } from '../table.js';
import type { Terminal } from '../terminal.js';

type SubmitOptions = OptionsOf<typeof submitCommand>;

/** `bclaw submit` */
export async function submit(
  workflow: string,
  files: readonly string[],
  options: SubmitOptions,
  terminal: Terminal,
): Promise<void> {
  const { clients } = await connect(options, terminal);
  const folder = options.folder === undefined ? '' : `${options.folder.replace(/^\/+|\/+$/g, '')}/`;
  const jobs = await submitJobs(clients, {
    workflow,
    files: await Promise.all(
      files.map(async (file) => ({ name: `${folder}${basename(file)}`, body: await readInputFile(file) })),
    ),
    ...given({ version: options.version }),
    ...installationOf(options),
  });
  if (options.watch !== true) {
    if (options.json === true) terminal.json(jobs);
    else for (const { executionName } of jobs) terminal.data(executionName);
    return;
  }
  const names = jobs.map(({ executionName }) => executionName);
  const ended = await whileWatching(terminal, goesOn(names), () => {
    // Printed while Ctrl-C is handled: who reads these lines may interrupt at once.
    for (const name of names) terminal.note(`submitted ${name}`);
    return showingProgress(terminal, (onProgress) =>
      watchJobs(clients, { workflow, executionNames: names, onProgress }),
    );
  });
  if (options.json === true) {
    terminal.json(jobs.map((job, index) => ({ ...job, ...ended[index] })));
  } else {
    const style = terminal.dataStyle;
    const rows = ended.map(({ name, status, version }) => [
      name,
      colouredStatus(status, style),
      String(version ?? '-'),
    ]);
    terminal.data(table(['EXECUTION', 'STATUS', 'VERSION'], rows));
    for (const job of ended) {
      const lines = hiddenLines(job, terminal.noteStyle);
      if (job.failure !== undefined) lines.push(...failureLines(job, job.failure, terminal.noteStyle));
      if (lines.length > 0) terminal.note(`\n${job.name}\n${lines.join('\n')}`);
    }
  }
  if (ended.some(({ status }) => status !== 'SUCCEEDED')) throw new Exit(exitCode.failed);
}

/** The message when the user stops watching jobs. */
export function goesOn([name = '', ...others]: readonly string[]): string {
  return `The ${others.length === 0 ? 'job goes' : 'jobs go'} on; \`bclaw status ${name}\` shows how ${others.length === 0 ? 'it stands' : 'one stands'}.`;
}
