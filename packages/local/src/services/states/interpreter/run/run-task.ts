import type { TaskState } from '../../definition/model.js';
import { argumentsOf, effectiveInput, outcomeOf, type Scope, templateOf } from '../data/data-flow.js';
import { isObject, type Json, member } from '../data/json.js';
import { numberOf } from '../data/numbers.js';
import { StateError } from '../data/state-error.js';
import { withAttempts } from './attempts.js';
import { childController } from './cancellation.js';
import type { Clock } from './clock.js';
import { Aborted } from './outcome-errors.js';
import { dataLimitExceeded, payloadOf, tooLarge } from './payload.js';
import type { Resumption } from './resumption.js';
import type { Step } from './run-state.js';
import { type Limits, TaskEvents } from './task-events.js';
import { taskToken } from './task-token.js';
import type { StateVisit } from './thread.js';

async function limitsOf(state: TaskState, scope: Scope): Promise<Limits> {
  const { timeoutSeconds, heartbeatSeconds } = state;
  return {
    timeout: timeoutSeconds === undefined ? undefined : await numberOf(timeoutSeconds, scope, { least: 1 }),
    heartbeat: heartbeatSeconds === undefined ? undefined : await numberOf(heartbeatSeconds, scope, { least: 1 }),
  };
}

/** Aborts an attempt when its timeout or its heartbeat timeout expires. */
class Deadlines {
  readonly #controller: AbortController;
  readonly #heartbeatSeconds: number | undefined;
  readonly #clock: Clock;
  #beating = new AbortController();
  expired: 'States.Timeout' | 'States.HeartbeatTimeout' | undefined;

  constructor(controller: AbortController, heartbeatSeconds: number | undefined, clock: Clock) {
    this.#controller = controller;
    this.#heartbeatSeconds = heartbeatSeconds;
    this.#clock = clock;
  }

  expire(error: 'States.Timeout' | 'States.HeartbeatTimeout', milliseconds: number, signal: AbortSignal): void {
    this.#clock.sleep(milliseconds, signal).then(
      () => {
        this.expired = error;
        this.#controller.abort(Aborted.by('task-timeout'));
      },
      // The attempt ended before its timeout.
      () => undefined,
    );
  }

  beat(): void {
    if (this.#heartbeatSeconds === undefined) return;
    this.stop();
    this.#beating = new AbortController();
    this.expire('States.HeartbeatTimeout', this.#heartbeatSeconds * 1000, this.#beating.signal);
  }

  stop(): void {
    this.#beating.abort(Aborted.by('task-timeout'));
  }
}

/** The ARN of the role in a task's `Credentials`. */
async function roleOf({ credentials, data }: TaskState, scope: Scope): Promise<string | undefined> {
  if (credentials === undefined) return undefined;
  const found = await templateOf(credentials, 'Credentials', data.language, scope, effectiveInput(data, scope));
  const role = isObject(found) ? member(found, 'RoleArn') : undefined;
  return typeof role === 'string' ? role : undefined;
}

async function callOnce(
  visit: StateVisit,
  state: TaskState,
  scope: Scope,
  at: Resumption | undefined,
  retries: number,
): Promise<Json> {
  const { thread } = visit;
  const { run } = thread;
  const { tasks, clock, engine } = run.environment;
  const limits = await limitsOf(state, scope);
  const underWay = at?.task;
  const events = new TaskEvents(thread, state.resource, engine.region, underWay?.submitted !== undefined);
  const attempt = taskToken(run.id, run.redriveCount, visit.enteredId, retries);
  // AWS gives the token to `.sync`, too: the execution that it starts may return it.
  const waits = state.resource.kind === 'integration' && state.resource.pattern !== 'request';
  const own = waits ? { ...scope, context: { ...scope.context, Task: { Token: attempt } } } : scope;
  const input = payloadOf(await argumentsOf(state.data, own), state.name);
  const role = state.credentials === undefined ? undefined : await roleOf(state, own);
  if (underWay === undefined) events.scheduled(input.text, limits, role);
  run.history.commit();

  const { controller, release } = childController(thread.signal);
  const finished = new AbortController();
  const deadlines = new Deadlines(controller, limits.heartbeat, clock);
  if (limits.timeout !== undefined) {
    const begun = underWay?.time ?? clock.now();
    deadlines.expire('States.Timeout', Math.max(0, begun + limits.timeout * 1000 - clock.now()), finished.signal);
  }
  deadlines.beat();
  try {
    const result = await tasks.call({
      resource: state.resource,
      input: input.value,
      caller: run.caller,
      attempt,
      signal: controller.signal,
      resumed: underWay?.submitted,
      submitted: (output) => {
        events.submitted(output);
        run.history.commit();
      },
      heartbeat: () => deadlines.beat(),
    });
    const text = JSON.stringify(result);
    if (tooLarge(text)) throw dataLimitExceeded(events.source);
    events.succeeded(text);
    return result;
  } catch (thrown) {
    if (deadlines.expired !== undefined) {
      events.timedOut(deadlines.expired);
      throw new StateError(deadlines.expired, '');
    }
    if (thrown instanceof StateError && thrown.error !== 'States.Runtime') events.failed(thrown.error, thrown.cause);
    throw thrown;
  } finally {
    release();
    deadlines.stop();
    // Nothing must keep waiting for an attempt that has ended.
    controller.abort(Aborted.by('task-timeout'));
    finished.abort(Aborted.by('task-timeout'));
  }
}

/** Calls a Task's resource with its Retry, Catch and timeouts. */
export function runTask(visit: StateVisit, state: TaskState, at: Resumption | undefined): Promise<Step> {
  return withAttempts(visit, state, at, async (scope, resumed, retries) =>
    outcomeOf(state.data, scope, await callOnce(visit, state, scope, resumed, retries)),
  );
}
