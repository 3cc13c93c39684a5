import { createHash } from 'node:crypto';
import type { Caller } from '../../../../kernel/access/caller.js';
import type { EngineContext } from '../../../../kernel/service.js';
import { isObject, type Json, type JsonObject, member, parseJson } from '../data/json.js';
import { runtimeError, StateError } from '../data/state-error.js';
import type { TaskCall } from '../run/environment.js';
import { endsForeignWork } from '../run/outcome-errors.js';
import { camelCase, pascalCase } from './member-case.js';
import { optimizedError } from './service-errors.js';
import { jsonMetadata, serviceJson } from './service-json.js';
import { untilAborted } from './until-aborted.js';

/** The default name of an execution, derived from the attempt so that a restart does not start a second execution. */
function nameOf(attempt: string): string {
  const hex = createHash('sha256').update(attempt).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
}

const toObject = (value: Json): JsonObject => (isObject(value) ? value : {});

/** `states:::states:startExecution`, `.sync` and `.sync:2` */
export class ExecutionIntegration {
  readonly #engine: EngineContext;
  readonly #ended: (executionArn: string) => Promise<unknown>;

  /** @param ended resolves when the given execution has ended */
  constructor(engine: EngineContext, ended: (executionArn: string) => Promise<unknown>) {
    this.#engine = engine;
    this.#ended = ended;
  }

  async #call(operation: string, input: unknown, caller: Caller): Promise<JsonObject> {
    try {
      return toObject(await serviceJson(await this.#engine.call('states', operation, input, caller), 'milliseconds'));
    } catch (thrown) {
      throw optimizedError('StepFunctions', thrown);
    }
  }

  async start({ input, attempt, caller }: TaskCall): Promise<JsonObject> {
    if (!isObject(input)) throw runtimeError('The Parameters of states:startExecution must be an object');
    const given = member(input, 'Input');
    // A null is dropped, as if it were not there.
    const text = typeof given === 'string' ? given : JSON.stringify(given ?? {});
    const { Input: _, ...rest } = input;
    const answer = await this.#call(
      'StartExecution',
      {
        name: nameOf(attempt),
        ...toObject(camelCase(rest)),
        input: text,
      },
      caller,
    );
    // The wire format has the date in seconds.
    const sent = { ...answer, startDate: Number(member(answer, 'startDate')) / 1000 };
    return { ...toObject(pascalCase(answer)), ...jsonMetadata(sent) };
  }

  /** Starts an execution, or finds the one that was started before a restart, and waits until it ends. */
  async run(task: TaskCall, parsed: boolean): Promise<Json> {
    const answer = task.resumed === undefined ? await this.start(task) : toObject(parseJson(task.resumed));
    if (task.resumed === undefined) task.submitted(JSON.stringify(answer));
    const executionArn = String(member(answer, 'ExecutionArn'));
    const { signal } = task;
    const stop = () => {
      if (endsForeignWork(signal)) this.#stop(executionArn, task.caller);
    };
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
    try {
      await untilAborted(this.#ended(executionArn), signal);
    } finally {
      signal.removeEventListener('abort', stop);
    }
    const detail = await this.#describe(executionArn, parsed, task.caller);
    if (detail['Status'] !== 'SUCCEEDED') throw new StateError('States.TaskFailed', JSON.stringify(detail));
    return detail;
  }

  async #describe(executionArn: string, parsed: boolean, caller: Caller): Promise<JsonObject> {
    const detail = toObject(pascalCase(await this.#call('DescribeExecution', { executionArn }, caller)));
    if (!parsed) return detail;
    const json = (name: string) => {
      const text = member(detail, name);
      return typeof text === 'string' ? { [name]: parseJson(text) } : {};
    };
    return { ...detail, ...json('Input'), ...json('Output') };
  }

  #stop(executionArn: string, caller: Caller): void {
    this.#call('StopExecution', { executionArn, cause: 'The execution that started this one ended' }, caller).catch(
      (error: unknown) => {
        this.#engine.log.error('A child execution could not be stopped', { executionArn, error: String(error) });
      },
    );
  }
}
