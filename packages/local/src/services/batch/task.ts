import { createHash, randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { EngineContext } from '../../kernel/service.js';

/** On AWS a job's attempt is an ECS task on an EC2 instance; these are the names that such a thing has here. */
const cluster = 'bclaw-local';

/** A new ECS task ARN; its last part is 32 hex digits. */
export function taskArnOf(context: EngineContext): string {
  return ecsArn(context, 'task', randomUUID().replaceAll('-', ''));
}

/** `<job definition name>/default/<task id>`, as the awslogs driver of AWS Batch names its streams. */
export function taskLogStream(jobDefinitionName: string, taskArn: string): string {
  return `${jobDefinitionName}/default/${taskArn.slice(taskArn.lastIndexOf('/') + 1)}`;
}

/** This machine as an instance: always the same, made from the host's name. */
export function thisInstance(context: EngineContext): {
  readonly instanceId: string;
  readonly containerInstanceArn: string;
} {
  const digest = createHash('sha256').update(hostname()).digest('hex');
  return {
    instanceId: `i-${digest.slice(0, 17)}`,
    containerInstanceArn: ecsArn(context, 'container-instance', digest.slice(0, 32)),
  };
}

/** AWS's words when the machine under a job went away; retry strategies match them with `Host EC2*`. */
export function hostTerminated(context: EngineContext): string {
  return `Host EC2 (instance ${thisInstance(context).instanceId}) terminated.`;
}

function ecsArn(context: EngineContext, resource: string, id: string): string {
  return `arn:${context.partition}:ecs:${context.region}:${context.accountId}:${resource}/${cluster}/${id}`;
}
