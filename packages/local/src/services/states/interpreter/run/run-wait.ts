import type { WaitState } from '../../definition/model.js';
import { timestampOf } from '../data/choice.js';
import { evaluateValue, type Scope, throughOutcome } from '../data/data-flow.js';
import type { Json } from '../data/json.js';
import { unexpectedType } from '../data/numbers.js';
import { printed } from '../data/printed.js';
import { QueryEvaluationError, runtimeError } from '../data/state-error.js';
import { type Step, stepTo } from './run-state.js';
import { type StateVisit, scopeOf } from './thread.js';

type Until = WaitState['until'];

// 2^31 - 1 seconds: AWS waits until a timestamp that is 24,855 days ahead, and refuses one that is 24,856.
const longestSeconds = 2_147_483_647;

async function secondsOf({ seconds }: Extract<Until, { kind: 'seconds' }>, scope: Scope): Promise<number> {
  const value = await evaluateValue(seconds, scope);
  const whole = typeof value === 'number' && Number.isInteger(value) ? value : undefined;
  if (whole !== undefined && whole >= 0) return whole;
  const wrong = whole === undefined ? 'cannot be parsed as a long value' : 'references a negative value';
  if (seconds.kind !== 'jsonata') {
    const path = seconds.kind === 'reference' ? `${seconds.text} == ` : '';
    throw runtimeError(`The SecondsPath parameter ${wrong}: ${path}${printed(value)}`);
  }
  if (typeof value !== 'number') throw unexpectedType(seconds, 'number', value);
  throw new QueryEvaluationError(`The Seconds field ${wrong}: ${value}`, seconds.field);
}

async function timeOf({ timestamp }: Extract<Until, { kind: 'timestamp' }>, scope: Scope): Promise<number> {
  const value: Json = await evaluateValue(timestamp, scope);
  const time = timestampOf(value);
  if (time !== undefined) return time;
  const format = 'an ISO-8601 extended offset date-time format string';
  if (timestamp.kind === 'jsonata')
    throw new QueryEvaluationError(
      `The Timestamp field cannot be parsed as ${format}: ${printed(value)}`,
      timestamp.field,
    );
  const path = timestamp.kind === 'reference' ? `${timestamp.text} == ` : '';
  throw runtimeError(
    `The TimestampPath parameter does not reference a valid ${format.slice(3)}: ${path}${printed(value)}`,
  );
}

async function dueTime(visit: StateVisit, { until }: WaitState): Promise<number> {
  const scope = scopeOf(visit);
  const due =
    until.kind === 'seconds' ? visit.enteredTime + (await secondsOf(until, scope)) * 1000 : await timeOf(until, scope);
  if (due - visit.enteredTime > longestSeconds * 1000) throw runtimeError('Wait state delay is too long.');
  return due;
}

/** Waits relative to the entry into the state, so that a restart does not start the wait again. */
export async function runWait(visit: StateVisit, state: WaitState): Promise<Step> {
  const { thread } = visit;
  const { clock } = thread.run.environment;
  const left = (await dueTime(visit, state)) - clock.now();
  if (left > 0) {
    thread.run.history.commit();
    await clock.sleep(left, thread.signal);
  }
  return stepTo(state.next, await throughOutcome(state.data, scopeOf(visit)), state.name);
}
