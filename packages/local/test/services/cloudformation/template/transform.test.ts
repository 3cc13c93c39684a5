import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { memoryJournal } from '../../../../src/kernel/journal-store.js';
import type { EngineContext } from '../../../../src/kernel/service.js';
import type { JsonObject } from '../../../../src/services/cloudformation/json.js';
import { macrosOf, transform } from '../../../../src/services/cloudformation/template/transform.js';
import { AwsError } from '../../../../src/wire/aws-error.js';
import { LambdaWorld } from '../../lambda/lambda-world.js';
import { contextFor } from '../../lambda/version-of.js';

/** A macro whose answer depends on the parameters that the template gives it. */
const macro = `export const handler = async (event) => {
  const { requestId } = event;
  switch (event.params.do) {
    case 'fail': return { requestId, status: 'failure', errorMessage: 'line 3: no such step' };
    case 'fail-silently': return { requestId, status: 'failure' };
    case 'throw': throw new Error('bug in the macro');
    case 'forge': return { requestId: 'other', status: 'success', fragment: {} };
    case 'no-fragment': return { requestId, status: 'success' };
    case 'text': return 'text';
    default: return { requestId, status: 'SUCCESS', fragment: { Resources: {}, Seen: event } };
  }
};`;

describe('transform', () => {
  let world: LambdaWorld;
  let context: EngineContext;
  beforeAll(async () => {
    world = await LambdaWorld.start();
    await world.create('macro', macro);
    // The macro's own function, over HTTP, as a call within the engine.
    context = {
      ...contextFor(memoryJournal()),
      call: async (_service, _operation, input) => {
        const { FunctionName, Payload } = Object.fromEntries(Object.entries(input ?? {}));
        const { result, error } = await world
          .invoke(String(FunctionName), JSON.parse(Buffer.from(Payload).toString()))
          .catch((thrown: Error) => {
            throw new AwsError(thrown.name, thrown.message);
          });
        return {
          Payload: Buffer.from(JSON.stringify(result)),
          ...(error === undefined ? {} : { FunctionError: error }),
        };
      },
    };
  });
  afterAll(() => world.stop());

  const run = (template: JsonObject, values: Record<string, string> = {}) =>
    transform(context, (name) => (name === 'M' ? 'macro' : name === 'Gone' ? 'gone' : undefined), template, values);
  const doing = (what: string) => run({ Transform: { Name: 'M', Parameters: { do: what } } });

  it("gives the macro CloudFormation's event and takes its fragment", async () => {
    const template = {
      Transform: 'M',
      Parameters: { A: { Type: 'String' }, L: { Type: 'CommaDelimitedList' } },
      Steps: [{ one: { commands: ['x'] } }],
    };
    const { Transform: _, ...fragment } = template;
    expect(await run(template, { A: 'a', L: 'x, y' })).toEqual({
      Resources: {},
      Seen: {
        region: 'us-east-1',
        accountId: '123456789012',
        fragment,
        transformId: '123456789012::M',
        params: {},
        requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        templateParameterValues: { A: 'a', L: ['x', 'y'] },
      },
    });
  });

  it('runs several macros, each on what the one before made', async () => {
    const result = await run({ Transform: ['M', { Name: 'M', Parameters: { n: 2 } }], Given: 1 });
    expect(result).toMatchObject({ Seen: { params: { n: 2 }, fragment: { Seen: { fragment: { Given: 1 } } } } });
  });

  it.each([
    ['fail', 'Transform 123456789012::M failed with: line 3: no such step. Rollback requested by user.'],
    ['fail-silently', 'Transform 123456789012::M failed without an error message.'],
    ['throw', 'Transform 123456789012::M failed with: bug in the macro. Rollback requested by user.'],
    ['forge', 'Received malformed response from transform 123456789012::M'],
    ['no-fragment', 'Received malformed response from transform 123456789012::M'],
    ['text', 'Received malformed response from transform 123456789012::M'],
  ])('reports a macro that does "%s" in the words of CloudFormation', async (what, message) => {
    await expect(doing(what)).rejects.toMatchObject({ code: 'ValidationError', message });
  });

  it('reports a macro that is not registered, or whose function is gone', async () => {
    await expect(run({ Transform: 'Other' })).rejects.toThrow('No transform named 123456789012::Other found.');
    await expect(run({ Transform: 'Gone' })).rejects.toThrow(
      /^Transform 123456789012::Gone failed with: Function not found/,
    );
  });
});

describe('macrosOf', () => {
  it('reads a name, a map, and a list of both', () => {
    expect(macrosOf({})).toEqual([]);
    expect(macrosOf({ Transform: ['A', { Name: 'B', Parameters: { x: 1 } }] })).toEqual([
      { name: 'A', parameters: {} },
      { name: 'B', parameters: { x: 1 } },
    ]);
    expect(() => macrosOf({ Transform: { Nme: 'B' } })).toThrow(/Transform must be a name/);
  });
});
