import type { NativeStep } from '@bclaw/spec';
import { describe, expect, it } from 'vitest';
import { compiled } from '../compiled.js';
import { batchStep, workflow } from '../workflows.js';

const native = (type: NativeStep['type'], fields: NativeStep['fields'], branches: NativeStep['branches'] = []) => {
  const step: NativeStep = { kind: 'native', name: 'own', path: [], type, fields, branches, catch: [] };
  return compiled(workflow([step, batchStep('after')])).definition.States['own'];
};

describe('the state of a native step', () => {
  it('is what the template says, in its place', () => {
    expect(native('Wait', { Seconds: 10, Comment: 'a pause' })).toEqual({
      Type: 'Wait',
      Seconds: 10,
      Comment: 'a pause',
      OutputPath: '$',
      Next: 'after',
    });
  });

  it.each(['Pass', 'Task', 'Parallel'] as const)('leaves the payload as it was: %s', (type) => {
    expect(native(type, { ResultPath: '$.repo', OutputPath: '$.x' })).toMatchObject({
      ResultPath: null,
      OutputPath: '$',
      Next: 'after',
    });
  });

  it.each(['Succeed', 'Fail'] as const)('is followed by nothing: %s', (type) => {
    expect(native(type, { OutputPath: '$.x' })).not.toHaveProperty('Next');
    expect(native(type, {})).toEqual({ Type: type });
  });

  it('starts the paths of a Wait from the payload, for its InputPath would become the payload', () => {
    expect(
      native('Wait', { InputPath: '$.timing', SecondsPath: '$.pause', TimestampPath: '$$.State.Entered' }),
    ).toEqual({
      Type: 'Wait',
      SecondsPath: '$.timing.pause',
      TimestampPath: '$$.State.Entered',
      OutputPath: '$',
      Next: 'after',
    });
  });

  it('lets a catcher keep the error beside the payload, never in place of it', () => {
    const Catch = [
      { ErrorEquals: ['A'], Next: 'after' },
      { ErrorEquals: ['B'], Next: 'after', ResultPath: '$' },
      { ErrorEquals: ['C'], Next: 'after', ResultPath: '$.repo.error' },
      { ErrorEquals: ['D'], Next: 'after', ResultPath: '$.failure' },
    ];
    expect(native('Task', { Resource: 'arn:aws:states:::sns:publish', Catch })).toMatchObject({
      Catch: [{ ResultPath: null }, { ResultPath: null }, { ResultPath: null }, { ResultPath: '$.failure' }],
    });
  });

  it('keeps the payload in JSONata, which has other fields for it', () => {
    const fields = { QueryLanguage: 'JSONata', Output: '{% 1 %}', Catch: [{ ErrorEquals: ['A'], Next: 'after' }] };
    expect(native('Task', fields)).toEqual({
      Type: 'Task',
      QueryLanguage: 'JSONata',
      Output: '{% $states.input %}',
      Catch: [{ ErrorEquals: ['A'], Next: 'after', Output: '{% $states.input %}' }],
      Next: 'after',
    });
  });

  it('has blocks of steps as branches', () => {
    expect(native('Parallel', {}, [[batchStep('left'), batchStep('more')], [batchStep('right')]])).toMatchObject({
      Branches: [{ StartAt: 'left' }, { StartAt: 'right', States: { right: { Type: 'Task', End: true } } }],
    });
  });
});
