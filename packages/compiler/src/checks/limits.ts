import type { Diagnostic, TemplatePath } from '@bclaw/spec';
import { error } from './diagnostic.js';

/** An AWS limit that a template can exceed. */
export interface Limit {
  readonly service: string;
  /** The name on AWS's quota page. */
  readonly name: string;
  readonly max: number;
  readonly unit: string;
}

/** Limits of AWS, with the names from its quota pages. */
export const limits = {
  stateMachineDefinition: {
    service: 'Step Functions',
    name: 'maximum state machine definition size',
    max: 1024 * 1024,
    unit: 'bytes',
  },
  stateName: { service: 'Step Functions', name: 'maximum state name length', max: 80, unit: 'characters' },
  payload: {
    service: 'Step Functions',
    name: 'maximum input or output size for a task, state, or execution',
    max: 256 * 1024,
    unit: 'bytes',
  },
  branches: {
    service: 'Step Functions',
    name: 'maximum number of parallel Map Run child executions',
    max: 10_000,
    unit: 'branches',
  },
  jobTimeout: { service: 'Batch', name: 'attemptDurationSeconds, a 32-bit integer', max: 2 ** 31 - 1, unit: 'seconds' },
  jobDefinition: { service: 'Batch', name: 'maximum job definition size', max: 24 * 1024, unit: 'bytes' },
  submitJob: { service: 'Batch', name: 'maximum payload size for SubmitJob operations', max: 30 * 1024, unit: 'bytes' },
  tagsPerResource: { service: 'Batch', name: 'maximum tags per resource', max: 50, unit: 'tags' },
  tagKey: { service: 'Batch', name: 'maximum tag key length', max: 128, unit: 'characters' },
  tagValue: { service: 'Batch', name: 'maximum tag value length', max: 256, unit: 'characters' },
  tagsPerObject: { service: 'S3', name: 'object tags', max: 10, unit: 'tags' },
  objectTagKey: { service: 'S3', name: 'key of an object tag', max: 128, unit: 'characters' },
  objectTagValue: { service: 'S3', name: 'value of an object tag', max: 256, unit: 'characters' },
  stackResources: { service: 'CloudFormation', name: 'resources per template', max: 500, unit: 'resources' },
  stackParameters: { service: 'CloudFormation', name: 'parameters per template', max: 200, unit: 'parameters' },
  templateDescription: { service: 'CloudFormation', name: 'template description', max: 1024, unit: 'bytes' },
  templateBody: {
    service: 'CloudFormation',
    name: 'template body size in an S3 object',
    max: 1024 * 1024,
    unit: 'bytes',
  },
} as const satisfies Record<string, Limit>;

/**
 * Returns `limit-exceeded` when `actual` is over the limit, otherwise nothing.
 *
 * @param subject - returns the text for what is too large, e.g. `The job definition of step "align"`; only called in
 * that rare case
 */
export function checkLimit(
  limit: Limit,
  actual: number,
  subject: () => string,
  path: TemplatePath,
  hint: string,
): readonly Diagnostic[] {
  if (actual <= limit.max) return [];
  const count = (value: number) => `${value.toLocaleString('en-US')} ${limit.unit}`;
  return [
    error(
      'limit-exceeded',
      path,
      `${subject()} takes ${count(actual)}; ${limit.service} allows ${count(limit.max)} (${limit.name}).`,
      hint,
    ),
  ];
}
