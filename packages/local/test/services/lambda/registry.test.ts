import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memoryJournal } from '../../../src/kernel/journal-store.js';
import { FunctionRegistry } from '../../../src/services/lambda/registry.js';
import { contextFor, versionOf } from './version-of.js';

function registryWith(weights: Record<string, number>): FunctionRegistry {
  const registry = new FunctionRegistry(contextFor(memoryJournal()));
  registry.functions.set('f', { name: 'f', tags: {} });
  for (const version of ['$LATEST', '1', '2']) registry.setVersion(versionOf(version));
  const alias = { functionName: 'f', name: 'live', functionVersion: '1', description: '', revisionId: 'r' };
  registry.setAlias({ ...alias, weights });
  return registry;
}

describe('FunctionRegistry', () => {
  it('gives a version exactly the share of the calls that the alias says', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (weight, chance) => {
          const { version } = registryWith({ '2': weight }).resolve({ name: 'f', qualifier: 'live' }, chance);
          expect(version.version).toBe(chance < weight ? '2' : '1');
        },
      ),
    );
  });

  it('keeps the qualifier that the caller used in the invoked ARN', () => {
    const registry = registryWith({});
    const arn = 'arn:aws:lambda:us-east-1:123456789012:function:f';
    expect(registry.resolve({ name: 'f', qualifier: undefined }, 0).invokedArn).toBe(arn);
    expect(registry.resolve({ name: 'f', qualifier: '2' }, 0).invokedArn).toBe(`${arn}:2`);
    expect(registry.resolve({ name: 'f', qualifier: 'live' }, 0).invokedArn).toBe(`${arn}:live`);
  });
});
