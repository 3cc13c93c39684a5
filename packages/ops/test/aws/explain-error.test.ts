import { S3ServiceException } from '@aws-sdk/client-s3';
import { BclawError } from '@bclaw/spec';
import { describe, expect, it } from 'vitest';
import { createClients, destroyClients, explainError, listVersions } from '../../src/index.js';

const awsError = (name: string, message: string) =>
  new S3ServiceException({ name, message, $fault: 'client', $metadata: { httpStatusCode: 400, requestId: 'r-1' } });

describe('explainError', () => {
  it('leaves errors of bclaw as they are', () => {
    const error = new BclawError('no-such-workflow', 'There is no workflow "x" here.');
    expect(explainError(error)).toBe(error);
  });

  it.each([
    ['ExpiredToken', 'credentials-expired'],
    ['InvalidClientTokenId', 'bad-credentials'],
    ['AccessDeniedException', 'access-denied'],
    ['ThrottlingException', 'throttled'],
  ])('turns %s into %s, with a way out', (name, code) => {
    const explained = explainError(awsError(name, 'Nope.'));
    expect(explained.code).toBe(code);
    expect(explained.message).toContain('Nope.');
    expect(explained.hint).toBeDefined();
  });

  it("passes on AWS's own words, and the request to ask AWS about", () => {
    expect(explainError(awsError('ValidationError', 'Bad value.')).message).toBe(
      'ValidationError: Bad value. (request r-1)',
    );
  });

  it('explains an endpoint where nobody listens', async () => {
    // Port 9, "discard", is not served on current machines.
    const clients = createClients({
      endpoint: 'http://127.0.0.1:9',
      region: 'us-east-1',
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    });
    const error = await listVersions(clients, { workflow: 'wf' }).catch((reason: unknown) => reason);
    destroyClients(clients);
    expect(explainError(error)).toMatchObject({
      code: 'unreachable',
      hint: expect.stringContaining('bclaw local start'),
    });
  });

  it('turns what nobody thought of into one sentence', () => {
    expect(explainError(new TypeError('x is not a function'))).toMatchObject({
      code: 'unexpected',
      message: 'x is not a function',
    });
    expect(explainError('odd')).toMatchObject({ code: 'unexpected', message: 'odd' });
  });
});
