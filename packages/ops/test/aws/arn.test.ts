import { describe, expect, it } from 'vitest';
import { arnScope, executionArn, parseExecutionArn, stateMachineArn } from '../../src/aws/arn.js';

const scope = { partition: 'aws-cn', region: 'cn-north-1', accountId: '123456789012' };

describe('ARNs', () => {
  it('tell partition, region and account', () => {
    expect(arnScope('arn:aws-cn:lambda:cn-north-1:123456789012:function:wf-launcher')).toEqual(scope);
    expect(() => arnScope('wf-launcher')).toThrow('not an ARN');
  });

  it('of an execution and its state machine lead to each other', () => {
    const machine = stateMachineArn(scope, 'wf--3');
    const execution = executionArn(machine, 'job_AbCdEfGh');
    expect(execution).toBe('arn:aws-cn:states:cn-north-1:123456789012:execution:wf--3:job_AbCdEfGh');
    expect(parseExecutionArn(execution)).toEqual({ stateMachineArn: machine, name: 'job_AbCdEfGh' });
    expect(parseExecutionArn(machine)).toBeUndefined();
  });
});
