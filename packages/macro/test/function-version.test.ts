import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { publishedVersion } from '../src/core/function-version.js';
import { type FunctionOptions, lambdaFunction } from '../src/core/lambda-function.js';

const key = fc.constantFrom('functions/1.zip', 'functions/2.zip');
const few = (values: readonly string[]) => fc.constantFrom(...values);
const options: fc.Arbitrary<FunctionOptions> = fc.record(
  {
    id: fc.constant('Gather'),
    nameSuffix: few(['-gather', '-collect']),
    description: few(['Writes', 'Writes the manifest']),
    codeKeyParameter: fc.constant('FunctionsCodeKey'),
    handler: few(['index.gather', 'index.collect']),
    memoryMiB: fc.constantFrom(512, 1024),
    timeoutSeconds: fc.constantFrom(60, 900),
    grants: fc.subarray([
      { actions: ['s3:GetObject'], resources: ['*'] },
      { actions: ['s3:PutObject'], resources: ['*'] },
    ]),
    environment: fc.record({ A: few(['1', '2']) }),
  },
  {
    requiredKeys: [
      'id',
      'nameSuffix',
      'description',
      'codeKeyParameter',
      'handler',
      'memoryMiB',
      'timeoutSeconds',
      'grants',
    ],
  },
);

const properties = (of: FunctionOptions) => JSON.stringify(lambdaFunction(of)['GatherFunction']);

describe('the logical id of a published version', () => {
  it('is another one exactly when the code or a property of the function is', () => {
    fc.assert(
      fc.property(options, key, options, key, (before, oldKey, after, newKey) => {
        const isSame = oldKey === newKey && properties(before) === properties(after);
        expect(publishedVersion(before, oldKey).id === publishedVersion(after, newKey).id).toBe(isSame);
      }),
    );
  });

  it('stays when only a grant of the role changes: there is nothing to publish', () => {
    fc.assert(
      fc.property(options, key, options, (before, codeKey, { grants }) => {
        expect(publishedVersion({ ...before, grants }, codeKey)).toEqual(publishedVersion(before, codeKey));
      }),
    );
  });
});
