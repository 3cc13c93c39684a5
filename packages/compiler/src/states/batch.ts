import type { BatchStep, Compute } from '@bclaw/spec';
import { jobTagKeys, jobVariables, tagValue } from '@bclaw/spec/contract';
import { given } from '@bclaw/spec/given';
import { previousOutputs } from '../jobs/auto-inputs.js';
import { jobQueue } from '../jobs/job-queue.js';
import { jobName } from '../names.js';
import { transition } from '../states-language.js';
import { batchThrottling } from './retriers.js';
import type { NamedState, Scope } from './scope.js';

/**
 * A batch step is one state, which submits one job and waits for it; Batch itself retries the job. Values that are the same for all jobs are in the
 * job definition, so a state stays small: a state machine's definition may take 1 MiB.
 */
export function compileBatchStep(step: BatchStep, { core, depth, job: jobOf }: Scope): readonly NamedState[] {
  const { job, stepParameter } = jobOf(step.name);
  return [
    [
      step.name,
      {
        Type: 'Task',
        Resource: `arn:${core.partition}:states:::batch:submitJob.sync`,
        Parameters: {
          'JobName.$': jobName(step.name, depth),
          JobDefinition: `\${${job.logicalId}}`,
          JobQueue: jobQueue(step.compute, core),
          ...(isFairShare(step.compute) ? { 'ShareIdentifier.$': '$.share_id' } : {}),
          Tags: { [jobTagKeys.step]: tagValue(step.name), [`${jobTagKeys.jobFile}.$`]: '$.job_tag' },
          ...(stepParameter === undefined ? {} : ownStepName(step.name)),
          Parameters: {
            ...given({ step: stepParameter }),
            'repo.$': '$.repo.uri',
            'index.$': '$.index',
            'execution.$': '$.execution.arn',
            ...(step.inputs === 'auto' ? { 'inputs.$': 'States.JsonToString($.prev_outputs)' } : {}),
            ...(depth === 0 ? {} : branchParameters),
          },
        },
        ResultSelector: previousOutputs(step.outputs),
        ResultPath: '$.prev_outputs',
        Retry: [batchThrottling],
        ...transition(step.next),
      },
    ],
  ];
}

/** Batch demands a share identifier in a queue with a fair-share policy, as all of the core stack's are, and refuses it in others. */
const isFairShare = ({ queueName, fairShare }: Compute): boolean => queueName === undefined || fairShare;

/** A job definition that several steps share does not contain their names. */
const ownStepName = (name: string) => ({
  ContainerOverrides: { Environment: [{ Name: jobVariables.stepName, Value: name }] },
});

/** A branch's repository has no `_JOB_DATA_` of its own, and its jobs need the values that are not in the job data. */
const branchParameters = {
  'job_data.$': '$.job_data',
  'scatter.$': 'States.JsonToString($.scatter)',
  'parent.$': 'States.JsonToString($.parent)',
};
