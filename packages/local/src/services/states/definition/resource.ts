import type { IntegrationPattern, TaskResource } from './model.js';

const lambda = /^arn:[a-z-]+:lambda:[a-z0-9-]+:\d{12}:function:[A-Za-z0-9_-]+(?::[A-Za-z0-9_$-]+)?$/;
const integration =
  /^arn:[a-z-]+:states:[a-z0-9-]*:\d*:((?:aws-sdk:)?[a-z0-9-]+):([A-Za-z0-9]+)(?:\.(sync(?::2)?|waitForTaskToken))?$/;
const activity = /^arn:[a-z-]+:states:[a-z0-9-]*:\d*:activity:/;

/** The optimized integrations that the embedded engine supports, with their patterns. */
const optimized: Readonly<Record<string, readonly IntegrationPattern[]>> = {
  'lambda:invoke': ['request', 'waitForTaskToken'],
  'batch:submitJob': ['request', 'sync'],
  'states:startExecution': ['request', 'sync', 'sync:2', 'waitForTaskToken'],
  'sns:publish': ['request', 'waitForTaskToken'],
  'sqs:sendMessage': ['request', 'waitForTaskToken'],
  'events:putEvents': ['request', 'waitForTaskToken'],
};

const patterns: Readonly<Record<string, IntegrationPattern>> = {
  sync: 'sync',
  'sync:2': 'sync:2',
  waitForTaskToken: 'waitForTaskToken',
};

/** Parses a Task's `Resource`; returns a problem if it cannot be used. */
export function parseResource(arn: string): TaskResource | { readonly kind: 'problem'; readonly message: string } {
  if (lambda.test(arn)) return { kind: 'lambda', arn };
  if (activity.test(arn)) return { kind: 'problem', message: 'The embedded engine does not have activities' };
  const [, service, action, suffix] = integration.exec(arn) ?? [];
  if (service === undefined || action === undefined) {
    return { kind: 'problem', message: 'Value is not a valid resource ARN' };
  }
  const pattern = suffix === undefined ? 'request' : (patterns[suffix] ?? 'request');
  const allowed = service.startsWith('aws-sdk:')
    ? (['request', 'waitForTaskToken'] as const)
    : optimized[`${service}:${action}`];
  if (allowed?.includes(pattern) !== true) {
    return {
      kind: 'problem',
      message: `The embedded engine does not have the service integration '${service}:${action}${suffix === undefined ? '' : `.${suffix}`}'`,
    };
  }
  return { kind: 'integration', arn, service, action, pattern };
}
