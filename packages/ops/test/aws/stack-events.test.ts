import { describe, expect, it } from 'vitest';
import { rootCause, type StackEvent } from '../../src/aws/stack-events.js';

const event = (logicalId: string, status: string, reason?: string): StackEvent => ({
  id: `${logicalId}-${status}`,
  time: new Date(0),
  logicalId,
  resourceType: 'AWS::Batch::JobDefinition',
  status,
  ...(reason === undefined ? {} : { reason }),
});

describe('the root cause of a failed stack', () => {
  it('is the first resource that failed by itself, not one that was cancelled because of it', () => {
    const cause = rootCause([
      event('wf', 'UPDATE_IN_PROGRESS'),
      event('First', 'CREATE_FAILED', 'Resource creation cancelled'),
      event('Second', 'CREATE_FAILED', 'Invalid image'),
      event('Third', 'UPDATE_FAILED', 'Something later'),
      event('wf', 'UPDATE_ROLLBACK_IN_PROGRESS'),
    ]);
    expect(cause?.logicalId).toBe('Second');
  });

  it('is the first failure when all of them were cancelled', () => {
    const cause = rootCause([event('Only', 'CREATE_FAILED', 'Resource creation cancelled')]);
    expect(cause?.logicalId).toBe('Only');
  });

  it('is none when nothing failed', () => {
    expect(rootCause([event('wf', 'CREATE_COMPLETE')])).toBeUndefined();
  });
});
