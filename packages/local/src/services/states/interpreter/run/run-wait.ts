import type { WaitState } from '../../definition/model.js';
import { timestampOf } from '../data/choice.js';
import { evaluateValue, numberOf, throughOutcome } from '../data/data-flow.js';
import { runtimeError } from '../data/state-error.js';
import { type Step, stepTo } from './run-state.js';
import { type StateVisit, scopeOf } from './thread.js';

async function dueTime(visit: StateVisit, { until }: WaitState): Promise<number> {
  const scope = scopeOf(visit);
  switch (until.kind) {
    case 'seconds':
      return visit.enteredTime + (await numberOf(until.seconds, scope)) * 1000;
    case 'timestamp': {
      const text = await evaluateValue(until.timestamp, scope);
      const time = timestampOf(text);
      if (time === undefined)
        throw runtimeError(`The Timestamp must be in ISO 8601 format, but was ${JSON.stringify(text)}`);
      return time;
    }
  }
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
