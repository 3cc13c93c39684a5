import { type MoveResult, promote as promoteTo, rollback as rollbackTo } from '@bclaw/ops';
import { connect } from '../connection.js';
import type { OptionsOf } from '../declarations/options.js';
import type { promoteCommand, rollbackCommand } from '../declarations/versions.js';
import type { Terminal } from '../terminal.js';

/** `bclaw rollback` */
export async function rollback(
  workflow: string,
  options: OptionsOf<typeof rollbackCommand>,
  terminal: Terminal,
): Promise<void> {
  const { clients } = await connect(options, terminal);
  const { to } = options;
  report(await rollbackTo(clients, to === undefined ? { workflow } : { workflow, to }), options, terminal);
}

/** `bclaw promote` */
export async function promote(
  workflow: string,
  options: OptionsOf<typeof promoteCommand>,
  terminal: Terminal,
): Promise<void> {
  const { clients } = await connect(options, terminal);
  report(await promoteTo(clients, { workflow, to: options.to }), options, terminal);
}

function report(moved: MoveResult, { json }: OptionsOf<typeof rollbackCommand>, terminal: Terminal): void {
  for (const { step, image } of moved.mutableImages ?? []) {
    terminal.warn(`the image ${image} of step ${step} may not be what it was when version ${moved.to} was deployed`);
  }
  if (moved.deploymentUnderWay === true) {
    terminal.warn(
      `${moved.workflow} is being deployed just now: the version that comes of it will be live when that is done`,
    );
  }
  for (const reason of moved.notRead) terminal.warn(`the jobs were moved, but this could not be read: ${reason}`);
  if (json === true) {
    terminal.json(moved);
    return;
  }
  terminal.data(`${moved.workflow}: version ${moved.to} is live; until now it was version ${moved.from}.`);
  const { stillRunning = 0 } = moved;
  if (stillRunning > 0) {
    const jobs = stillRunning === 1 ? '1 job goes' : `${stillRunning} jobs go`;
    terminal.note(`${jobs} on running on version ${moved.from}.`);
  }
}
