import { type ChildProcess, fork } from 'node:child_process';
import { createRequire } from 'node:module';
import type { Json } from './json.js';
import { expressionIn, expressionOf, type JsonataData } from './jsonata-evaluation.js';
import { QueryEvaluationError } from './state-error.js';

/** The request to an evaluator process. */
export interface Evaluation {
  readonly template: Json;
  readonly location: string;
  readonly data: JsonataData;
}

/** The response: the value, or the message of a {@link QueryEvaluationError}. */
export type Evaluated = { readonly value: Json } | { readonly location: string; readonly cause: string };

interface Waiting {
  readonly evaluation: Evaluation;
  readonly answer: (evaluated: Evaluated) => void;
}

/**
 * JSONata stops itself after 5 s where it can. This limit is for functions of its library that cannot be interrupted.
 */
const deadlineMs = 10_000;
const memoryMiB = 256;
/** A process that has been idle for this long is ended. */
const idleMs = 20_000;
/** With two, one slow expression does not block all others. */
const mostProcesses = 2;

const waiting: Waiting[] = [];
const idle: Evaluator[] = [];
let processes = 0;

/**
 * Evaluates a JSONata template in a separate process with limits on time and memory.
 *
 * @throws QueryEvaluationError also when the process had to be killed, or crashed because of the expression
 */
export async function evaluateApart(template: Json, location: string, scope: JsonataData): Promise<Json> {
  const { input, context, variables, result, errorOutput } = scope;
  const evaluated = await new Promise<Evaluated>((answer) => {
    waiting.push({
      evaluation: { template, location, data: { input, context, variables, result, errorOutput } },
      answer,
    });
    next();
  });
  if ('value' in evaluated) return evaluated.value;
  throw new QueryEvaluationError(evaluated.cause, evaluated.location);
}

/** Assigns waiting evaluations to idle processes. */
function next(): void {
  while (waiting.length > 0) {
    const free = idle.pop() ?? (processes < mostProcesses ? new Evaluator() : undefined);
    const first = free === undefined ? undefined : waiting.shift();
    if (free === undefined || first === undefined) return;
    free.take(first);
  }
}

class Evaluator {
  readonly #program: ChildProcess;
  #task: Waiting | undefined;
  #timer: NodeJS.Timeout | undefined;
  #late = false;
  #served = 0;

  constructor() {
    processes += 1;
    const file = createRequire(import.meta.url).resolve('@bclaw/local/jsonata-evaluator');
    this.#program = fork(file, [], {
      detached: true,
      cwd: '/',
      env: {},
      execArgv: [
        `--max-old-space-size=${memoryMiB}`,
        // Matches a regular expression that backtracks too much in linear time instead, unless it has backreferences.
        '--enable-experimental-regexp-engine-on-excessive-backtracks',
      ],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    this.#program.unref();
    this.#program.on('message', (evaluated: Evaluated) => this.#done(evaluated));
    this.#program.once('error', () => this.#gone());
    this.#program.once('exit', () => this.#gone());
  }

  take(task: Waiting): void {
    this.#task = task;
    clearTimeout(this.#timer);
    this.#program.channel?.ref();
    this.#timer = setTimeout(() => {
      this.#late = true;
      this.#program.kill('SIGKILL');
    }, deadlineMs);
    // An error means that the program is ending; its exit event handles that.
    this.#program.send(task.evaluation, () => {});
  }

  #done(evaluated: Evaluated): void {
    const task = this.#task;
    if (task === undefined) return;
    this.#task = undefined;
    this.#served += 1;
    clearTimeout(this.#timer);
    this.#program.channel?.unref();
    this.#timer = setTimeout(() => this.#retire(), idleMs).unref();
    idle.push(this);
    task.answer(evaluated);
    next();
  }

  #retire(): void {
    const at = idle.indexOf(this);
    if (at < 0) return;
    idle.splice(at, 1);
    this.#program.disconnect();
  }

  #gone(): void {
    clearTimeout(this.#timer);
    const at = idle.indexOf(this);
    if (at >= 0) idle.splice(at, 1);
    this.#program.removeAllListeners();
    this.#program.on('error', () => {});
    processes -= 1;
    const task = this.#task;
    this.#task = undefined;
    // Memory left over from an earlier expression may have caused the crash, so retry once in a new process.
    if (task !== undefined && this.#served > 0 && !this.#late) waiting.unshift(task);
    else if (task !== undefined) task.answer(died(task.evaluation, this.#late));
    next();
  }
}

function died({ template, location }: Evaluation, late: boolean): Evaluated {
  const source = typeof template === 'string' ? expressionIn(template) : undefined;
  const what =
    source === undefined
      ? `The JSONata expressions of the field '${location}' were`
      : `${expressionOf(source, location)} was`;
  const why = late ? `took longer than ${deadlineMs / 1000} s` : `needed more than ${memoryMiB} MiB of memory`;
  return { location, cause: `${what} ended, because the evaluation ${why}.` };
}
