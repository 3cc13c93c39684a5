import { type HistoryEvent, paginateGetExecutionHistory } from '@aws-sdk/client-sfn';
import { jobRepository, parseS3Uri, type S3Location } from '@bclaw/spec';
import { initializeStateName, mainIndex } from '@bclaw/spec/contract';
import { given } from '@bclaw/spec/given';
import type { Clients } from '../aws/clients.js';

/**
 * Status of a step: `failed` when nothing in its branch caught its error, `caught` when a `Catch` handled it, `aborted`
 * when it was stopped from outside (a parallel branch failed, or the execution was stopped), `skipped` when its job found
 * that it need not run again.
 */
export type StepStatus = 'running' | 'succeeded' | 'skipped' | 'caught' | 'failed' | 'aborted';

/** A step of an execution, from Step Functions' history. */
export interface StepRun {
  /** The state's name: the step's, or `Initialize`. */
  readonly name: string;
  readonly status: StepStatus;
  readonly startedAt: Date;
  readonly stoppedAt?: Date;
  /** Number of retries after the first attempt, by Step Functions and by AWS Batch. */
  readonly retries: number;
  /** Ids of its Batch jobs, one for each attempt of Step Functions; AWS Batch's own attempts have the same id. */
  readonly jobIds: readonly string[];
  /** The map run that starts the branches of a scatter; each branch is an execution of its own. */
  readonly mapRunArn?: string;
  /** Only for a scatter: the number of its branches, which Step Functions counts only as it starts them. */
  readonly items?: number;
  /** Only for a subpipe: the execution that it started last. */
  readonly executionArn?: string;
  /** Position, among the steps, of the Parallel or Map state around it. */
  readonly container?: number;
  readonly error?: string;
  readonly cause?: string;
}

/** The content of one execution's history. */
export interface ExecutionSteps {
  /** In the order of their starts. */
  readonly steps: readonly StepRun[];
  /**
   * The jobs whose number of attempts is not in the history, because they have not ended or Step Functions has truncated
   * their description: position of the step → job id.
   */
  readonly unsettledJobs: ReadonlyMap<number, string>;
  /** True when the execution has ended, with any status. */
  readonly ended: boolean;
  /** Index of the scatter branch that this execution is, such as `00042`. */
  readonly branch?: string;
  /** The job's repository and the execution that it began with; absent until `Initialize` has ended. */
  readonly job?: JobPlace;
}

/** Where the job of an execution keeps its data; a branch has those of its job. */
export interface JobPlace {
  readonly repository: S3Location;
  /** Name of the execution that notes are about. */
  readonly execution: string;
}

/** Reads the steps of an execution from its history. */
export async function readSteps(clients: Pick<Clients, 'sfn'>, executionArn: string): Promise<ExecutionSteps> {
  const events: HistoryEvent[] = [];
  const pages = paginateGetExecutionHistory({ client: clients.sfn, pageSize: 1000 }, { executionArn });
  for await (const page of pages) events.push(...(page.events ?? []));
  const branch = branchIndex(events[0]?.executionStartedEventDetails?.input);
  const ended = endings.has(events.at(-1)?.type ?? '');
  return { ...stepsAndJobsOf(events), ended, ...given({ branch, job: placeOf(events) }) };
}

/** Reads the payload that the execution of a branch begins with, and that any other gets from `Initialize`. */
function placeOf(events: readonly HistoryEvent[]): JobPlace | undefined {
  const initialized = events.find(({ stateExitedEventDetails: exited }) => exited?.name === initializeStateName);
  const payloads = [events[0]?.executionStartedEventDetails?.input, initialized?.stateExitedEventDetails?.output];
  for (const payload of payloads) {
    const data = parseS3Uri(textIn(payload, 'job_data') ?? '');
    const execution = memberOf(payload, 'execution');
    const name = typeof execution === 'object' && execution !== null ? Reflect.get(execution, 'name') : undefined;
    if (data === undefined || typeof name !== 'string') continue;
    return { repository: jobRepository(data), execution: name };
  }
  return undefined;
}

/** The index in the input of a scatter's branch; `undefined` for a top-level job, whose index is `main`. */
export function branchIndex(input: string | undefined): string | undefined {
  const index = textIn(input, 'index');
  return index === mainIndex ? undefined : index;
}

/** The events that end an execution. */
const endings = new Set(['ExecutionSucceeded', 'ExecutionFailed', 'ExecutionAborted', 'ExecutionTimedOut']);

interface OpenStep {
  readonly name: string;
  /** `Task`, `Parallel`, … */
  readonly kind: string;
  /** The Parallel or Map state around it. */
  readonly container: OpenStep | undefined;
  readonly startedAt: Date;
  stoppedAt?: Date;
  tries: number;
  readonly jobIds: string[];
  /** Batch's retries of the jobs that have ended. */
  jobRetries: number;
  /** True while the last job's number of attempts is unknown. */
  unsettled: boolean;
  mapRunArn?: string;
  items?: number;
  executionArn?: string;
  failure?: Failure;
  exited: boolean;
  aborted: boolean;
  /** Only for a Parallel or Map state: true when its last attempt failed as a whole. */
  over: boolean;
}

interface Failure {
  readonly error?: string;
  readonly cause?: string;
}

/**
 * Follows each event back to its step, for branches that run concurrently.
 *
 * An event names its predecessor in its own branch. Events that end a Parallel or Map state follow the last event of a
 * branch, so events after the exit of a state belong to the state around it until another state is entered.
 */
export const stepsOf = (events: readonly HistoryEvent[]): readonly StepRun[] => stepsAndJobsOf(events).steps;

function stepsAndJobsOf(events: readonly HistoryEvent[]): Pick<ExecutionSteps, 'steps' | 'unsettledJobs'> {
  const steps: OpenStep[] = [];
  const stepOfEvent = new Map<number, OpenStep | undefined>();
  let ended: HistoryEvent | undefined;
  for (const event of events) {
    const type = event.type ?? '';
    if (type === 'ExecutionRedriven') {
      ended = undefined;
      for (const step of steps) reopen(step);
    } else if (endings.has(type)) ended = event;
    const before = stepOfEvent.get(event.previousEventId ?? 0);
    const here = follow(event, type, before, steps);
    if (event.id !== undefined) stepOfEvent.set(event.id, here);
  }
  const positions = new Map(steps.map((step, position) => [step, position]));
  return {
    steps: steps.map((step) => close(step, ended, step.container && positions.get(step.container))),
    unsettledJobs: new Map(
      steps.flatMap(({ unsettled, jobIds }, position) => {
        const jobId = jobIds.at(-1);
        return unsettled && jobId !== undefined ? [[position, jobId]] : [];
      }),
    ),
  };
}

/** Records an event. @returns the step that the next event of the branch belongs to */
function follow(
  event: HistoryEvent,
  type: string,
  before: OpenStep | undefined,
  steps: OpenStep[],
): OpenStep | undefined {
  const time = event.timestamp ?? new Date(0);
  const entered = event.stateEnteredEventDetails;
  if (entered !== undefined) {
    const step: OpenStep = {
      name: entered.name ?? '',
      kind: type.replace('StateEntered', ''),
      container: before,
      startedAt: time,
      tries: 0,
      jobIds: [],
      jobRetries: 0,
      unsettled: false,
      exited: false,
      aborted: false,
      over: false,
      ...given({ items: itemsIn(entered.input) }),
    };
    steps.push(step);
    return step;
  }
  const exited = event.stateExitedEventDetails;
  if (exited !== undefined) {
    const step = around(before, ({ name }) => name === exited.name);
    if (step === undefined) return before;
    step.exited = true;
    step.stoppedAt = time;
    return step.container;
  }
  const evaluated = event.evaluationFailedEventDetails;
  if (evaluated !== undefined) {
    // This event follows the one before the state was entered.
    const step = steps.findLast((one) => one.name === evaluated.state && !one.exited) ?? before;
    if (step !== undefined) step.failure = failureOf(evaluated);
    return step;
  }
  const [, kind, outcome] = /^([A-Z][a-z]+)State(Started|Failed|Aborted)$/.exec(type) ?? [];
  if (kind !== undefined) {
    const step = around(before, (one) => one.kind === kind && !one.aborted && !(one.over && outcome !== 'Aborted'));
    if (step === undefined) return before;
    if (outcome === 'Started') {
      // A retry follows the last event of the branch that failed.
      note(step, event, type, time);
      return step;
    }
    step.stoppedAt = time;
    if (outcome === 'Aborted') step.aborted = true;
    else {
      step.over = true;
      step.failure ??= before?.failure ?? {};
    }
    return step;
  }
  if (before !== undefined) note(before, event, type, time);
  return before;
}

/** The number of items that a scatter's function has written for its Map. */
function itemsIn(input: string | undefined): number | undefined {
  const branches = memberOf(input, 'branches');
  const count: unknown = typeof branches === 'object' && branches !== null ? Reflect.get(branches, 'count') : undefined;
  return typeof count === 'number' ? count : undefined;
}

/** The step or the nearest open one around it that matches. */
function around(step: OpenStep | undefined, fits: (step: OpenStep) => boolean): OpenStep | undefined {
  for (let one = step; one !== undefined; one = one.container) if (!one.exited && fits(one)) return one;
  return undefined;
}

/** A redrive continues the steps that did not succeed. */
function reopen(step: OpenStep): void {
  if (step.exited) return;
  step.aborted = false;
  step.over = false;
  delete step.failure;
  delete step.stoppedAt;
}

/** The events that start an attempt. */
const beginnings = new Set(['TaskScheduled', 'LambdaFunctionScheduled', 'ParallelStateStarted', 'MapStateStarted']);

function note(step: OpenStep, event: HistoryEvent, type: string, time: Date): void {
  if (beginnings.has(type)) {
    reopen(step);
    step.tries += 1;
  }
  const submitted = event.taskSubmittedEventDetails?.output;
  const jobId = textIn(submitted, 'JobId');
  if (jobId !== undefined) {
    step.jobIds.push(jobId);
    step.unsettled = true;
  }
  const executionArn = textIn(submitted, 'ExecutionArn');
  if (executionArn !== undefined) step.executionArn = executionArn;
  const mapRunArn = (event.mapRunStartedEventDetails ?? event.mapRunRedrivenEventDetails)?.mapRunArn;
  if (mapRunArn !== undefined) step.mapRunArn = mapRunArn;
  const failed =
    event.taskFailedEventDetails ??
    event.taskTimedOutEventDetails ??
    event.taskSubmitFailedEventDetails ??
    event.taskStartFailedEventDetails ??
    event.lambdaFunctionFailedEventDetails ??
    event.lambdaFunctionTimedOutEventDetails ??
    event.mapRunFailedEventDetails;
  settle(step, event.taskSucceededEventDetails?.output ?? event.taskFailedEventDetails?.cause);
  if (failed === undefined) return;
  step.failure = failureOf(failed);
  step.stoppedAt = time;
}

/** Notes the attempts of a job from its description, which Step Functions gets from AWS Batch. */
function settle(step: OpenStep, description: string | undefined): void {
  const attempts = memberOf(description, 'Attempts');
  if (!step.unsettled || !Array.isArray(attempts)) return;
  step.jobRetries += Math.max(0, attempts.length - 1);
  step.unsettled = false;
}

const failureOf = ({ error, cause }: { error?: string | undefined; cause?: string | undefined }): Failure =>
  given({ error, cause });

function close(step: OpenStep, ended: HistoryEvent | undefined, container: number | undefined): StepRun {
  const status = statusOf(step, ended);
  const stoppedAt = step.stoppedAt ?? (status === 'running' ? undefined : ended?.timestamp);
  const open = status === 'failed' || status === 'aborted';
  const ofExecution =
    ended?.executionFailedEventDetails ?? ended?.executionAbortedEventDetails ?? ended?.executionTimedOutEventDetails;
  const failure = step.failure ?? (open && !step.aborted && ofExecution !== undefined ? failureOf(ofExecution) : {});
  return {
    name: step.name,
    status,
    startedAt: step.startedAt,
    ...(stoppedAt === undefined || status === 'running' ? {} : { stoppedAt }),
    retries: Math.max(0, step.tries - 1) + step.jobRetries,
    jobIds: step.jobIds,
    ...given({ mapRunArn: step.mapRunArn, items: step.mapRunArn === undefined ? undefined : step.items }),
    ...given({ executionArn: step.executionArn, container }),
    ...failure,
  };
}

function statusOf(step: OpenStep, ended: HistoryEvent | undefined): StepStatus {
  if (step.exited) return step.failure === undefined ? 'succeeded' : 'caught';
  if (step.aborted) return 'aborted';
  if (ended?.type === 'ExecutionAborted') return 'aborted';
  // A Fail state has no exit event; a branch with one may have ended long before its execution.
  if (ended !== undefined || step.kind === 'Fail') return 'failed';
  return 'running';
}

/**
 * A text member of a JSON object, such as the answer of SubmitJob; `undefined` when Step Functions has truncated it.
 */
export function textIn(json: string | undefined, member: string): string | undefined {
  const found = memberOf(json, member);
  return typeof found === 'string' ? found : undefined;
}

function memberOf(json: string | undefined, member: string): unknown {
  if (json === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null ? Reflect.get(value, member) : undefined;
  } catch {
    return undefined;
  }
}
