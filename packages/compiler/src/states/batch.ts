import type { BatchStep, Compute } from '@bclaw/spec';
import { previousOutputs } from '../auto-inputs.js';
import type { CoreEnvironment } from '../core-environment.js';
import { batchArn, compileJob } from '../job.js';
import { jobNameStepPart } from '../names.js';
import { type TaskState, transition } from '../states-language.js';
import type { Block, Scope } from './block.js';
import { batchThrottling, stepRetriers } from './retriers.js';

/** A batch step is one state, which submits one job and waits for it, and the job definition that it refers to. */
export function compileBatchStep(step: BatchStep, scope: Scope): Block {
  const job = compileJob(step, scope.core, {
    logicalId: `${scope.logicalId(step.name)}JobDefinition`,
    namePart: scope.namePart(step.name),
  });
  return { states: { [step.name]: batchState(step, job.logicalId, scope) }, jobs: [job], diagnostics: [] };
}

/**
 * What does not change from job to job is in the job definition, so a state stays small: a state machine's definition
 * may take 1 MiB.
 */
function batchState(step: BatchStep, jobDefinition: string, { core, branch }: Scope): TaskState {
  return {
    Type: 'Task',
    Resource: `arn:${core.partition}:states:::batch:submitJob.sync`,
    Parameters: {
      'JobName.$': jobName(step.name, branch),
      JobDefinition: `\${${jobDefinition}}`,
      JobQueue: jobQueue(step.compute, core),
      'ShareIdentifier.$': '$.share_id',
      Parameters: {
        'repo.$': '$.repo.uri',
        'index.$': '$.index',
        'execution.$': '$.execution.arn',
        ...(step.inputs === 'auto' ? { 'inputs.$': 'States.JsonToString($.prev_outputs)' } : {}),
        ...(branch
          ? { 'scatter.$': 'States.JsonToString($.scatter)', 'parent.$': 'States.JsonToString($.parent)' }
          : {}),
      },
    },
    ResultSelector: previousOutputs(step.outputs),
    ResultPath: '$.prev_outputs',
    Retry: [batchThrottling, ...stepRetriers(step.retry)],
    ...transition(step.next),
  };
}

/** `<execution>__<step>`, in a scatter's branch with `__<index>`. */
function jobName(stepName: string, branch: boolean): string {
  const part = jobNameStepPart(stepName, branch);
  return branch
    ? `States.Format('{}__${part}__{}',$.execution.name,$.index)`
    : `States.Format('{}__${part}',$.execution.name)`;
}

function jobQueue(compute: Compute, core: CoreEnvironment): string {
  if (compute.queueName !== undefined) return batchArn(core, 'job-queue', compute.queueName);
  if (compute.gpu === 0) return compute.spot ? core.queues.spot : core.queues.onDemand;
  return compute.spot ? core.queues.spotGpu : core.queues.onDemandGpu;
}
