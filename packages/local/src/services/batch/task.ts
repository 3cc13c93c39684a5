import { createHash, randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { EngineContext } from '../../kernel/service.js';

/** On AWS an attempt of a job is an ECS task on an EC2 instance; these are the local equivalents of their names. */
const cluster = 'bclaw-local';

/** A new ECS task ARN, ending in 32 hex digits. */
export function taskArnOf(context: EngineContext): string {
  return ecsArn(context, 'task', randomUUID().replaceAll('-', ''));
}

/** `<job definition name>/default/<task id>`, the stream name of the awslogs driver of AWS Batch. */
export function taskLogStream(jobDefinitionName: string, taskArn: string): string {
  return `${jobDefinitionName}/default/${taskArn.slice(taskArn.lastIndexOf('/') + 1)}`;
}

/** This machine as an instance: always the same id, derived from the host's name. */
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

/** AWS's message when a job's host was terminated; retry strategies match it with `Host EC2*`. */
export function hostTerminated(context: EngineContext): string {
  return `Host EC2 (instance ${thisInstance(context).instanceId}) terminated.`;
}

function ecsArn(context: EngineContext, resource: string, id: string): string {
  return `arn:${context.partition}:ecs:${context.region}:${context.accountId}:${resource}/${cluster}/${id}`;
}
