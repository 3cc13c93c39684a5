import type { Workflow } from '@bclaw/spec';
import type { CoreEnvironment } from '../core-environment.js';
import { type TaskState, transition } from '../states-language.js';
import { lambdaTransientErrors } from './retriers.js';

/** The state in front of the first step. */
export const initializeStateName = 'Initialize';

/** The placeholder in a definition that CloudFormation replaces with the stack's name. */
export const workflowNamePlaceholder = 'WorkflowName';

/** Turns the launcher's payload into the payload that all other states get, by the function `initialize`. */
export function initializeState(workflow: Workflow, core: CoreEnvironment): TaskState {
  return {
    Type: 'Task',
    Resource: `arn:${core.partition}:states:::lambda:invoke`,
    Parameters: {
      FunctionName: core.functions.initialize,
      Payload: {
        workflow: `\${${workflowNamePlaceholder}}`,
        repository: workflow.repository,
        execution: { 'arn.$': '$$.Execution.Id', 'name.$': '$$.Execution.Name' },
        'input.$': '$',
      },
    },
    OutputPath: '$.Payload',
    Retry: [lambdaTransientErrors],
    ...transition(workflow.steps[0]?.name),
  };
}
