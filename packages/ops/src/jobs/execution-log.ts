import { parseStateName } from '@bclaw/spec/contract';
import { given } from '@bclaw/spec/given';
import { readJobs } from '../aws/batch-job.js';
import type { Clients } from '../aws/clients.js';
import { inParallel } from '../aws/in-parallel.js';
import { listBranches } from './branches.js';
import type { Detour } from './failure.js';
import { JobLogReader, type LogLine } from './job-log.js';
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
  readonly #wanted: string | undefined;
  readonly #origin: Origin | undefined;
  readonly #readers = new Map<string, JobLogReader>();
  readonly #inner = new Map<string, ExecutionLog>();
  /** Positions of the steps whose logs are complete. */
  readonly #complete = new Set<number>();
  #found = false;
  #over = false;

  /** @param wanted - a step's name; default: all steps */
  constructor(
    clients: Pick<Clients, 'sfn' | 'batch' | 'logs'>,
    executionArn: string,
    wanted: string | undefined,
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

  /** The lines since the last read. */
  async *read(): AsyncGenerator<StepLogLine> {
    if (this.#over) return;
    const { steps, ended, branch } = await readSteps(this.#clients, this.#arn);
    const within = this.#origin === undefined ? [] : [...this.#origin.within, this.#detour(this.#origin, branch)];
    for (const [position, step] of steps.entries()) {
      if (this.#complete.has(position)) continue;
      const isWanted = this.#wanted === undefined || isStateOf(step.name, this.#wanted);
      this.#found ||= isWanted;
      if (isWanted) yield* this.#readJobs(step, within);
      yield* this.#readInner(step, within, isWanted ? undefined : this.#wanted);
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
        const reader = this.#readers.get(logStream) ?? new JobLogReader(this.#clients, job.logGroup, logStream);
        this.#readers.set(logStream, reader);
        for (const line of await reader.read()) yield { ...line, step, within, jobId, attempt: index + 1 };
      }
    }
  }

  /** The executions that the step has started: one, or one for each branch. */
  async *#readInner(
    { name: step, mapRunArn, executionArn }: StepRun,
    within: readonly Detour[],
    wanted: string | undefined,
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

/** A scatter, a subpipe or a chooser compiles to several states: `<step>`, `<step>.map`, … */
const isStateOf = (state: string, step: string): boolean => state === step || parseStateName(state)?.step === step;

async function linesOf(log: ExecutionLog): Promise<StepLogLine[]> {
  const lines: StepLogLine[] = [];
  for await (const line of log.read()) lines.push(line);
  return lines;
}
