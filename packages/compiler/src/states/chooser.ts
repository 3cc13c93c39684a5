import type { ChooserStep } from '@bclaw/spec';
import { stateName } from '@bclaw/spec/contract';
import { given } from '@bclaw/spec/given';
import { inKeyOrder } from '../canonical.js';
import { functionCall, stepRequest } from './function-call.js';
import type { NamedState, Scope } from './scope.js';

/** A chooser is a function that finds the first condition that is true, and a Choice that goes to its target. */
export function compileChooserStep(step: ChooserStep, { core }: Scope): readonly NamedState[] {
  const { name, inputs, choices } = step;
  const choose = stateName(name, 'choose');
  return [
    [
      name,
      functionCall(
        core,
        'choose',
        {
          ...stepRequest(name),
          inputs: inKeyOrder(inputs),
          mode: 'first',
          conditions: choices.map((choice) => choice.if),
        },
        { ResultSelector: { 'choice.$': '$.Payload.choice' }, ResultPath: '$.chosen' },
        choose,
      ),
    ],
    [
      choose,
      {
        Type: 'Choice',
        Choices: choices.map(({ next }, position) => ({
          Variable: '$.chosen.choice',
          NumericEquals: position,
          Next: next,
        })),
        ...given({ Default: step.next }),
      },
    ],
  ];
}
