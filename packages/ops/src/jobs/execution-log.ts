import { parseStateName } from '@bclaw/spec/contract';
import { given } from '@bclaw/spec/given';
import { readJobs } from '../aws/batch-job.js';
import type { Clients } from '../aws/clients.js';
import { inParallel } from '../aws/in-parallel.js';
import { listBranches } from './branches.js';
import type { Detour } from './failure.js';
import { JobLogReader, type LogLine, type LogRange } from './job-log.js';
import { readSteps, type StepRun } from './steps.js';

/** A line of a step's log. */
export interface StepLogLine extends LogLine {
  readonly step: string;
  /** Path to the step, from the requested execution inwards; empty when the step belongs to that execution. */
  readonly within: readonly Detour[];
  readonly jobId: string;
  /** Attempt number of the job, from 1. */
  readonly attempt: number;
}

/** Number of branches that are read concurrently; their lines are buffered to keep the order. */
const branchesAtATime = 8;

/** Which logs of an execution are read. */
export interface LogSelection extends LogRange {
  /** Only the logs of this step; for a scatter or a subpipe, of everything that it runs. */
  readonly step?: string;
  /** Only what runs in this branch of a scatter, such as `00042`; of a scatter in a scatter `00042-00007`. */
  readonly branch?: string;
  /** Only the logs of steps that failed, whether or not the job or its scatter went on. */
  readonly failed?: boolean;
}

/** The state that started an execution, and that state's path. */
interface Origin {
  readonly step: string;
  readonly within: readonly Detour[];
}

/**
 * The logs of an execution and of the executions that its scatters and subpipes start. Each read continues where the
 * last one ended.
 */
export class ExecutionLog {
  readonly #clients: Pick<Clients, 'sfn' | 'batch' | 'logs'>;
  readonly #arn: string;
  readonly #wanted: LogSelection;
  readonly #origin: Origin | undefined;
  readonly #readers = new Map<string, JobLogReader>();
  readonly #inner = new Map<string, ExecutionLog>();
  /** Positions of the steps whose logs are complete. */
  readonly #complete = new Set<number>();
  #found = false;
  #inBranch = false;
  #over = false;

  /** @param wanted - which logs; `{}`: all of them */
  constructor(
    clients: Pick<Clients, 'sfn' | 'batch' | 'logs'>,
    executionArn: string,
    wanted: LogSelection,
    origin?: Origin,
  ) {
    this.#clients = clients;
    this.#arn = executionArn;
    this.#wanted = wanted;
    this.#origin = origin;
  }

  /** True when the requested step has started. */
  get stepFound(): boolean {
    return this.#found || [...this.#inner.values()].some(({ stepFound }) => stepFound);
  }

  /** True when the requested branch has started. */
  get branchFound(): boolean {
    return this.#inBranch || [...this.#inner.values()].some(({ branchFound }) => branchFound);
  }

  /** The lines since the last read. */
  async *read(): AsyncGenerator<StepLogLine> {
    if (this.#over) return;
    const { steps, ended, branch } = await readSteps(this.#clients, this.#arn);
    const within = this.#origin === undefined ? [] : [...this.#origin.within, this.#detour(this.#origin, branch)];
    const place = placeIn(this.#wanted.branch, within);
    this.#inBranch = place === 'inside';
    for (const [position, step] of place === 'elsewhere' ? [] : steps.entries()) {
      if (this.#complete.has(position)) continue;
      const { step: wanted, failed } = this.#wanted;
      const [ownJobs, inner] = wanted === undefined ? [true, true] : partsOf(step, wanted);
      if (place === 'inside') {
        this.#found ||= ownJobs || inner;
        const isFailure = step.status === 'failed' || step.status === 'caught';
        if (ownJobs && (isFailure || failed !== true)) yield* this.#readJobs(step, within);
      }
      yield* this.#readInner(step, within, inner ? leaveOutStep(this.#wanted) : this.#wanted);
      if (step.status !== 'running') this.#complete.add(position);
    }
    this.#over = ended;
    if (ended) this.#readers.clear();
  }

  #detour({ step }: Origin, branch: string | undefined): Detour {
    return { step, ...given({ branch }), execution: this.#arn };
  }

  async *#readJobs({ name: step, jobIds }: StepRun, within: readonly Detour[]): AsyncGenerator<StepLogLine> {
    for (const [jobId, job] of await readJobs(this.#clients, jobIds)) {
      for (const [index, { logStream }] of job.attempts.entries()) {
        if (logStream === undefined) continue;
        const reader = this.#readers.get(logStream) ?? this.#readerOf(job.logGroup, logStream);
        this.#readers.set(logStream, reader);
        for (const line of await reader.read()) yield { ...line, step, within, jobId, attempt: index + 1 };
      }
    }
  }

  #readerOf(group: string, stream: string): JobLogReader {
    return new JobLogReader(this.#clients, group, stream, this.#wanted);
  }

  /** The executions that the step has started: one, or one for each branch. */
  async *#readInner(
    { name: step, mapRunArn, executionArn }: StepRun,
    within: readonly Detour[],
    wanted: LogSelection,
  ): AsyncGenerator<StepLogLine> {
    const logOf = (arn: string): ExecutionLog => {
      const log = this.#inner.get(arn) ?? new ExecutionLog(this.#clients, arn, wanted, { step, within });
      this.#inner.set(arn, log);
      return log;
    };
    if (executionArn !== undefined) yield* logOf(executionArn).read();
    if (mapRunArn === undefined) return;
    const logs = (await listBranches(this.#clients, mapRunArn)).map(logOf);
    for (let start = 0; start < logs.length; start += branchesAtATime) {
      const lines = await inParallel(logs.slice(start, start + branchesAtATime), linesOf);
      for (const ofBranch of lines) yield* ofBranch;
    }
  }
}

/**
 * The parts of a state that belong to a step: its own Batch jobs, and the executions that it starts. A scatter or a
 * subpipe `align` compiles to the states `align` and `align.map`, `align.gather` or `align.subpipe`, of which none runs
 * jobs of its own: a state `align.map` with jobs is another step, of that name.
 */
export function partsOf(
  { name, jobIds }: Pick<StepRun, 'name' | 'jobIds'>,
  step: string,
): readonly [ownJobs: boolean, inner: boolean] {
  const isPart = jobIds.length === 0 && parseStateName(name)?.step === step;
  return [name === step, name === step || isPart];
}

const leaveOutStep = ({ step: _, ...others }: LogSelection): LogSelection => others;

/**
 * Where an execution is in relation to a branch: `above` when the branch may be among those that it starts.
 *
 * @param within - the path to the execution
 */
function placeIn(branch: string | undefined, within: readonly Detour[]): 'inside' | 'above' | 'elsewhere' {
  if (branch === undefined) return 'inside';
  const indices = within.flatMap(({ branch: index }) => (index === undefined ? [] : [index]));
  if (indices.includes(branch)) return 'inside';
  const last = indices.at(-1);
  // The index of a branch of a scatter in a scatter begins with that of the outer one.
  return last === undefined || branch.startsWith(`${last}-`) ? 'above' : 'elsewhere';
}

async function linesOf(log: ExecutionLog): Promise<StepLogLine[]> {
  const lines: StepLogLine[] = [];
  for await (const line of log.read()) lines.push(line);
  return lines;
}
