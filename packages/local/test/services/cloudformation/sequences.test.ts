import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { broken, queue, StackWorld } from './stacks.js';

let world: StackWorld;
let stacks = 0;
beforeAll(async () => {
  world = await StackWorld.start();
});
afterAll(() => world.engine.dispose());

/** One template: for each of four queues nothing, or its name's variant, its timeout, and what it waits for. */
const queues = fc.tuple(
  ...[0, 1, 2, 3].map(() =>
    fc.option(fc.record({ variant: fc.nat(1), timeout: fc.integer({ min: 1, max: 3 }), before: fc.nat(15) })),
  ),
);
const step = fc.record({ queues, fails: fc.boolean(), isReversed: fc.boolean() });

function templateOf(stackName: string, { queues, fails, isReversed }: Step) {
  const logicalId = (index: number) => `Q${index}`;
  // Who waits for whom follows the numbers, one way or the other, so that there is no circle.
  const comesFirst = (other: number, index: number) => (isReversed ? other > index : other < index);
  const present = queues.flatMap((one, index) => (one === null ? [] : [{ index, ...one }]));
  const resources = present.map(({ index, variant, timeout, before }) => [
    logicalId(index),
    queue(
      `${stackName}-${index}-${variant}`,
      { VisibilityTimeout: timeout },
      {
        DependsOn: present
          .filter((other) => comesFirst(other.index, index) && (before & (1 << other.index)) !== 0)
          .map((other) => logicalId(other.index)),
      },
    ),
  ]);
  const anchor = { Type: 'AWS::SNS::Topic' };
  const bad = broken(`${stackName}-bad`, { DependsOn: resources.slice(0, 2).map(([name]) => name) });
  return {
    template: { Resources: { Anchor: anchor, ...Object.fromEntries(resources), ...(fails ? { Bad: bad } : {}) } },
    expected: present
      .map(({ index, variant, timeout }) => [`${stackName}-${index}-${variant}`, String(timeout)])
      .sort(),
  };
}

/** The queues that there are of a stack, with their timeouts. */
async function found(stackName: string): Promise<string[][]> {
  const sqs = new SQSClient(world.engine.client);
  const names = (await world.queues()).filter((name) => name.startsWith(`${stackName}-`));
  return Promise.all(
    names.map(async (name) => {
      const { Attributes } = await sqs.send(
        new GetQueueAttributesCommand({
          QueueUrl: `${world.engine.url}/123456789012/${name}`,
          AttributeNames: ['VisibilityTimeout'],
        }),
      );
      return [name, Attributes?.VisibilityTimeout ?? ''];
    }),
  );
}

interface Step {
  readonly queues: readonly ({ readonly variant: number; readonly timeout: number; readonly before: number } | null)[];
  readonly fails: boolean;
  readonly isReversed: boolean;
}

describe('any sequence of templates', () => {
  it('leaves exactly what the last one that succeeded says, and nothing once the stack is deleted', async () => {
    await fc.assert(
      fc.asyncProperty(step, fc.array(step, { minLength: 1, maxLength: 4 }), async (first, others) => {
        stacks += 1;
        const name = `s${stacks}`;
        const start = templateOf(name, { ...first, fails: false });
        let { expected } = start;
        expect((await world.create(name, start.template)).StackStatus).toBe('CREATE_COMPLETE');
        expect(await found(name)).toEqual(expected);
        for (const other of others) {
          const next = templateOf(name, other);
          const outcome = await world.update(name, next.template).then(
            ({ StackStatus }) => StackStatus,
            (error: Error) => error.message,
          );
          if (other.fails) expect(outcome).toBe('UPDATE_ROLLBACK_COMPLETE');
          else {
            const isSame = JSON.stringify(next.expected) === JSON.stringify(expected);
            expect(outcome).toBe(isSame ? 'No updates are to be performed.' : 'UPDATE_COMPLETE');
            expected = next.expected;
          }
          expect(await found(name)).toEqual(expected);
          expect(Object.keys(await world.resources(name))).toHaveLength(expected.length + 1);
        }
        expect((await world.delete(name)).StackStatus).toBe('DELETE_COMPLETE');
        expect(await found(name)).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });
});
