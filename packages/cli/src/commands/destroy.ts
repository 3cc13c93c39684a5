import { destroy as destroyWorkflow, findRemains, type Remains } from '@bclaw/ops';
import { confirm } from '../confirm.js';
import { connect, installationOf } from '../connection.js';
import type { OptionsOf } from '../declarations/options.js';
import type { destroyCommand } from '../declarations/versions.js';
import { showStackEvent } from '../stack-event.js';
import type { Terminal } from '../terminal.js';

type DestroyCommandOptions = OptionsOf<typeof destroyCommand>;

/** `bclaw destroy`: lists what it will delete, asks for confirmation, deletes. */
export async function destroy(workflow: string, options: DestroyCommandOptions, terminal: Terminal): Promise<void> {
  const { clients } = await connect(options, terminal);
  const remains = await findRemains(clients, workflow);
  if (options.dryRun === true) {
    if (options.json === true) terminal.json(remains);
    else for (const line of remainsLines(remains)) terminal.data(line);
    return;
  }
  for (const line of remainsLines(remains)) terminal.note(line);
  terminal.note('Job files and results stay. Submit no more jobs: nothing would take them.');
  if (!(await confirm(`Delete all of this workflow "${workflow}" for good?`, options, terminal))) {
    terminal.note('Nothing was deleted.');
    return;
  }
  const done = await destroyWorkflow(clients, {
    workflow,
    stopRunning: options.stopRunning ?? false,
    ...installationOf(options),
    onEvent: showStackEvent(terminal),
  });
  terminal.endProgress();
  if (options.json === true) terminal.json(done);
  else terminal.data(`${workflow}: deleted.`);
}

function remainsLines({ workflow, stack, stateMachines, jobDefinitions, running, waiting }: Remains): string[] {
  return [
    stack === undefined
      ? `${workflow}: its stack is gone; what it has left:`
      : `${workflow}: the stack "${stack}", and`,
    ...stateMachines.map(({ name }) => `  state machine ${name}`),
    ...jobDefinitions.map((arn) => `  job definition ${arn.split('/').at(-1)}`),
    ...(running.length === 0 ? [] : [`  ${running.length === 1 ? '1 job is' : `${running.length} jobs are`} running.`]),
    ...(waiting === 0 ? [] : [`  ${waiting === 1 ? '1 job file waits' : `${waiting} job files wait`} to be launched.`]),
  ];
}
