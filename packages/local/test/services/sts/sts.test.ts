import { GetCallerIdentityCommand, GetSessionTokenCommand, STSClient } from '@aws-sdk/client-sts';
import { describe, expect, it } from 'vitest';
import { createStsService } from '../../../src/services/sts/service.js';
import { RunningEngine } from '../../running-engine.js';

describe('STS', () => {
  it('tells who the caller is, and says what it does not have', async () => {
    const engine = await RunningEngine.start([createStsService]);
    const sts = new STSClient(engine.client);
    expect(await sts.send(new GetCallerIdentityCommand({}))).toMatchObject({
      Account: '123456789012',
      Arn: 'arn:aws:iam::123456789012:root',
      UserId: '123456789012',
    });
    await expect(sts.send(new GetSessionTokenCommand({}))).rejects.toThrow(
      'The embedded engine does not have the operation sts:GetSessionToken.',
    );
    await engine.dispose();
  });
});
