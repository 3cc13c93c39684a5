import type { SubpipeStep } from '@bclaw/spec';
import { stateName } from '@bclaw/spec/contract';
import { given } from '@bclaw/spec/given';
import { type TaskState, transition } from '../states-language.js';
import { functionCall, stepRequest } from './function-call.js';
import { executionThrottling } from './retriers.js';
import type { NamedState, Scope } from './scope.js';

/**
 * A subpipe is a function that prepares the sub-repository and the start request, an execution of the other workflow,
 * and, when there are files to retrieve, a function that copies them. The same function copies submitted files.
 */
export function compileSubpipeStep(step: SubpipeStep, scope: Scope): readonly NamedState[] {
  const { name, subpipe, jobData, submit: submitted, retrieve } = step;
  const { core } = scope;
  const run = stateName(name, 'subpipe');
  const send = submitted.length === 0 ? undefined : stateName(name, 'submit');
  const fetch = retrieve.length === 0 ? undefined : stateName(name, 'retrieve');
  const submit = functionCall(
    core,
    'subpipeSubmit',
    {
      ...stepRequest(name),
      subpipe,
      ...given({ job_data: jobData }),
      'caller.$': '$$.Execution.Id',
      'entered.$': '$$.State.EnteredTime',
    },
    {
      ResultSelector: {
        'state_machine.$': '$.Payload.state_machine',
        'name.$': '$.Payload.name',
        'input.$': '$.Payload.input',
      },
      ResultPath: '$.subpipe',
    },
    send ?? run,
  );
  const states: NamedState[] = [[name, submit]];
  if (send !== undefined) {
    const request = {
      ...stepRequest(name),
      'source.$': '$.repo',
      'target.$': '$.subpipe.input.repo',
      retrieve: submitted.map(({ from, to }) => ({ from, to })),
    };
    states.push([send, functionCall(core, 'subpipeRetrieve', request, { ResultPath: null }, run)]);
  }
  states.push([run, runState(core.partition, fetch ?? step.next)]);
  if (fetch !== undefined) {
    const files = retrieve.map(({ from, to }) => ({ from, to }));
    const request = {
      ...stepRequest(name),
      'source.$': '$.subpipe.input.repo',
      execution: { 'state_machine.$': '$.subpipe.state_machine', 'name.$': '$.subpipe.name' },
      retrieve: files,
    };
    states.push([fetch, functionCall(core, 'subpipeRetrieve', request, { ResultPath: null }, step.next)]);
  }
  return states;
}

/**
 * Starts the other execution and waits for it. Its result does not belong to this workflow: the next step has no
 * previous outputs.
 */
function runState(partition: string, next: string | undefined): TaskState {
  return {
    Type: 'Task',
    Resource: `arn:${partition}:states:::states:startExecution.sync:2`,
    Parameters: {
      'StateMachineArn.$': '$.subpipe.state_machine',
      // A redriven execution starts a new one: the old name would refer to the one that failed.
      'Name.$': "States.Format('{}-{}',$.subpipe.name,$$.Execution.RedriveCount)",
      'Input.$': '$.subpipe.input',
    },
    ResultSelector: {},
    ResultPath: '$.prev_outputs',
    Retry: [executionThrottling],
    ...transition(next),
  };
}
