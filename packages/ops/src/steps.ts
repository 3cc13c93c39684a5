import { type HistoryEvent, paginateGetExecutionHistory } from '@aws-sdk/client-sfn';
import type { Clients } from './clients.js';

/** How one step of an execution went, as Step Functions' history tells it. */
export interface StepRun {
  /** The state's name: the step's, or `Initialize`. */
  readonly name: string;
  readonly status: 'running' | 'succeeded' | 'failed';
  readonly startedAt: Date;
  readonly stoppedAt?: Date;
  /** Tries after the first one. */
  readonly retries: number;
  /** Ids of its Batch jobs, one for each try. */
  readonly jobIds: readonly string[];
  readonly error?: string;
  readonly cause?: string;
}

/** Reads the steps of an execution off its history, in the order in which they began. */
export async function readSteps(clients: Pick<Clients, 'sfn'>, executionArn: string): Promise<StepRun[]> {
  const events: HistoryEvent[] = [];
  const pages = paginateGetExecutionHistory({ client: clients.sfn, pageSize: 1000 }, { executionArn });
  for await (const page of pages) events.push(...(page.events ?? []));
  return stepsOf(events);
}

interface OpenStep {
  name: string;
  startedAt: Date;
  stoppedAt?: Date;
  scheduled: number;
  jobIds: string[];
  failure?: { error?: string; cause?: string };
  exited: boolean;
}

/** Follows each event back to the step that it belongs to, for branches run at the same time. */
export function stepsOf(events: readonly HistoryEvent[]): StepRun[] {
  const steps: OpenStep[] = [];
  const stepOfEvent = new Map<number, OpenStep>();
  let ended: HistoryEvent | undefined;
  for (const event of events) {
    const time = event.timestamp ?? new Date(0);
    const entered = event.stateEnteredEventDetails;
    if (entered !== undefined) {
      const step: OpenStep = { name: entered.name ?? '', startedAt: time, scheduled: 0, jobIds: [], exited: false };
      steps.push(step);
      if (event.id !== undefined) stepOfEvent.set(event.id, step);
      continue;
    }
    if (event.type?.startsWith('Execution') && event.type !== 'ExecutionStarted') ended = event;
    const step = stepOfEvent.get(event.previousEventId ?? 0);
    if (step === undefined) continue;
    if (event.stateExitedEventDetails !== undefined) {
      step.exited = true;
      step.stoppedAt = time;
      continue;
    }
    if (event.id !== undefined) stepOfEvent.set(event.id, step);
    note(step, event, time);
  }
  return steps.map((step) => close(step, ended));
}

function note(step: OpenStep, event: HistoryEvent, time: Date): void {
  if (event.taskScheduledEventDetails !== undefined || event.lambdaFunctionScheduledEventDetails !== undefined) {
    step.scheduled += 1;
    delete step.failure;
    delete step.stoppedAt;
  }
  const jobId = submittedJobId(event.taskSubmittedEventDetails?.output);
  if (jobId !== undefined) step.jobIds.push(jobId);
  const failed =
    event.taskFailedEventDetails ??
    event.taskTimedOutEventDetails ??
    event.taskSubmitFailedEventDetails ??
    event.taskStartFailedEventDetails ??
    event.lambdaFunctionFailedEventDetails ??
    event.lambdaFunctionTimedOutEventDetails;
  if (failed !== undefined) {
    step.failure = {
      ...(failed.error === undefined ? {} : { error: failed.error }),
      ...(failed.cause === undefined ? {} : { cause: failed.cause }),
    };
    step.stoppedAt = time;
  }
}

function close(step: OpenStep, ended: HistoryEvent | undefined): StepRun {
  const failed = !step.exited && ended !== undefined;
  const stoppedAt = step.stoppedAt ?? (failed ? ended.timestamp : undefined);
  const failure = failed
    ? (step.failure ?? ended.executionFailedEventDetails ?? ended.executionAbortedEventDetails)
    : {};
  return {
    name: step.name,
    status: step.exited ? 'succeeded' : failed ? 'failed' : 'running',
    startedAt: step.startedAt,
    ...(stoppedAt === undefined || !(step.exited || failed) ? {} : { stoppedAt }),
    retries: Math.max(0, step.scheduled - 1),
    jobIds: step.jobIds,
    ...(failure?.error === undefined ? {} : { error: failure.error }),
    ...(failure?.cause === undefined ? {} : { cause: failure.cause }),
  };
}

/** The answer of SubmitJob, as Step Functions records it: `{"JobId": …}`. */
function submittedJobId(output: string | undefined): string | undefined {
  if (output === undefined) return undefined;
  try {
    const answer: unknown = JSON.parse(output);
    if (typeof answer !== 'object' || answer === null || !('JobId' in answer)) return undefined;
    return typeof answer.JobId === 'string' ? answer.JobId : undefined;
  } catch {
    return undefined; // truncated by Step Functions
  }
}
