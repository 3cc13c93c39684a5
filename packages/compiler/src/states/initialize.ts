import type { Workflow } from '@bclaw/spec';
import type { CoreEnvironment } from '../core-environment.js';
import type { TaskState } from '../states-language.js';
import { functionCall } from './function-call.js';

/** The placeholder in a definition that CloudFormation replaces with the stack's name. */
export const workflowNamePlaceholder = 'WorkflowName';

/** Converts the launcher's payload to the payload of all other states, with the function `initialize`. */
export function initializeState(workflow: Workflow, core: CoreEnvironment): TaskState {
  const request = {
    workflow: `\${${workflowNamePlaceholder}}`,
    repository: workflow.repository,
    ...(workflow.jobSchema === undefined ? {} : { job_schema: JSON.stringify(workflow.jobSchema) }),
    execution: { 'arn.$': '$$.Execution.Id', 'name.$': '$$.Execution.Name' },
    'input.$': '$',
  };
  return functionCall(core, 'initialize', request, { OutputPath: '$.Payload' }, workflow.steps[0]?.name);
}
