import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestEngine, until } from '../engine.js';
import {
  aliasUpdates,
  beginnings,
  describeExecution,
  type Execution,
  executionsOf,
  launchRecords,
  versionsLeft,
} from './evidence.js';
import type { Action } from './live-history.js';
import { type Upload, upload, uploadEvenly } from './uploads.js';
import { dataBucket, type JobData, template, workflow } from './workflow.js';

/** The actions while the job files arrive; `live` is the live version after each. */
const plan = [
  { kind: 'deploy', live: 4 },
  { kind: 'deploy', live: 5 },
  { kind: 'rollback', live: 4 },
  { kind: 'deploy', live: 6 },
  { kind: 'prune', live: 6, keep: '2' },
  { kind: 'rollback', live: 5 },
  { kind: 'deploy', live: 7 },
  { kind: 'rollback', live: 6 },
  { kind: 'prune', live: 6, keep: '1' },
  { kind: 'deploy', live: 8 },
] as const;

/** The actions, and the data of Step Functions and S3 afterwards. */
export interface LoadRun {
  readonly actions: readonly Action[];
  /** All job files, including the one that was submitted first and held until the end. */
  readonly uploads: readonly Upload[];
  /** By ARN; including those of pruned versions. */
  readonly executions: ReadonlyMap<string, Execution>;
  /** ARNs of the executions in the launch records. */
  readonly recorded: readonly string[];
}

/** The id of the job that is submitted first and held until the end. */
export const patientJob = 'patient';

/** Sends the job files within about a minute, runs the plan meanwhile, and waits until every job has ended. */
export async function runLoad(engine: TestEngine, jobs: readonly JobData[], milliseconds: number): Promise<LoadRun> {
  const executions = new Map<string, Execution>();
  const note = (execution: Execution) => executions.set(execution.executionArn, execution);
  const lookAtAll = async () => {
    for (const version of await versionsLeft(engine)) (await executionsOf(engine, version)).forEach(note);
  };
  await engine.aws('s3', 'mb', `s3://${dataBucket}`);
  const versioning = ['--bucket', dataBucket, '--versioning-configuration', 'Status=Enabled'];
  await engine.aws('s3api', 'put-bucket-versioning', ...versioning);
  await deploy(engine, 1);
  const hold = join(engine.folder, 'hold');
  await writeFile(hold, '');
  const patient = await upload(engine.url, { id: patientJob, rare: true, hold });
  await until(
    () => executionsOf(engine, 1),
    (found) => found.length === 1,
  );
  // Version 2 never gets a job; version 3 is live when the load starts.
  await deploy(engine, 2);
  await deploy(engine, 3);

  let sent = 0;
  const dueAt = (index: number) => Math.round((jobs.length * (index + 0.5)) / (plan.length + 1));
  const actions: Action[] = [];
  const carryOut = async () => {
    for (const [index, step] of plan.entries()) {
      await until(
        async () => sent,
        (count) => count >= dueAt(index),
        600,
      );
      // The executions of a pruned state machine can no longer be listed.
      if (step.kind === 'prune') await lookAtAll();
      actions.push(await act(engine, step));
    }
  };
  const failure = new AbortController();
  const sending = uploadEvenly(engine.url, jobs, {
    milliseconds,
    signal: failure.signal,
    behind: (count) => {
      sent = count;
      return actions.length < plan.length && count >= dueAt(actions.length + 1);
    },
  });
  const carriedOut = carryOut().catch((error: unknown) => {
    failure.abort();
    throw error;
  });
  const [, uploads] = await Promise.all([carriedOut, sending]);
  await rm(hold);

  await until(
    async () => {
      await lookAtAll();
      // Executions that were running in the last list, just before their version was pruned.
      const unsure = [...executions.values()].filter(({ status }) => status === 'RUNNING');
      for (const { executionArn } of unsure) note(await describeExecution(engine, executionArn));
      const running = [...executions.values()].filter(({ status }) => status === 'RUNNING').length;
      return { running, begun: (await beginnings(engine)).size };
    },
    ({ running, begun }) => running === 0 && begun >= uploads.length + 1,
    120,
  );
  const recorded = await launchRecords(engine);
  for (const arn of recorded) if (!executions.has(arn)) note(await describeExecution(engine, arn));
  const moves = await aliasUpdates(engine);
  return {
    actions: actions.map((action) => narrow(action, moves)),
    uploads: [patient, ...uploads],
    executions,
    recorded,
  };
}

async function deploy(engine: TestEngine, release: number): Promise<void> {
  await writeFile(join(engine.folder, 'workflow.yaml'), template(release));
  await engine.bclaw('deploy', 'workflow.yaml', '--name', workflow);
}

/** Runs one action of the plan; the times are those of the whole command. */
async function act(engine: TestEngine, step: (typeof plan)[number]): Promise<Action> {
  const from = Date.now();
  const pruned: number[] = [];
  if (step.kind === 'deploy') await deploy(engine, step.live);
  else if (step.kind === 'rollback') await engine.bclaw('rollback', workflow);
  else {
    const told = JSON.parse(await engine.bclaw('prune', workflow, '--keep', step.keep, '--yes', '--json'));
    pruned.push(...told.pruned.map(({ version }: { version: number }) => version));
  }
  return { kind: step.kind, live: step.live, pruned, from, to: Date.now() };
}

/** The stack's events have a more exact time than the command for a move of the alias. */
function narrow(action: Action, moves: readonly number[]): Action {
  if (action.kind !== 'deploy') return action;
  const within = moves.filter((time) => action.from <= time && time <= action.to);
  const [earliest, latest] = [within[0], within.at(-1)];
  if (earliest === undefined || latest === undefined) throw new Error(`Nothing moved the alias to ${action.live}.`);
  // The service's times are in milliseconds.
  return { ...action, from: earliest, to: latest + 1 };
}
