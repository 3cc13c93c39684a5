import type { ParallelChooserStep } from '@bclaw/spec';
import { stateName } from '@bclaw/spec/contract';
import { inKeyOrder } from '../canonical.js';
import { type StateMachineDefinition, transition } from '../states-language.js';
import { compileNested } from './block.js';
import { functionCall, stepRequest } from './function-call.js';
import type { NamedState, Scope } from './scope.js';

type Branch = ParallelChooserStep['branches'][number];

/**
 * A parallel chooser is a function that evaluates all conditions at once, and a Parallel whose conditional branches
 * begin with a check of the result. Without conditions, no function is needed: it is only the Parallel.
 */
export function compileParallelChooserStep(step: ParallelChooserStep, scope: Scope): readonly NamedState[] {
  const { name, inputs } = step;
  const conditions = step.branches.flatMap((branch) => branch.if ?? []);
  let position = -1;
  const parallel = {
    Type: 'Parallel' as const,
    Branches: step.branches.map((branch) => {
      if (branch.if === undefined) return compileNested(branch.steps, scope);
      position += 1;
      return conditionalBranch(branch, name, position, scope);
    }),
    // The next state continues with the payload from before, not with those of the branches.
    ResultPath: null,
    ...transition(step.next),
  };
  if (conditions.length === 0) return [[name, parallel]];
  const run = stateName(name, 'parallel');
  const evaluate = functionCall(
    scope.core,
    'choose',
    { ...stepRequest(name), inputs: inKeyOrder(inputs), mode: 'every', conditions },
    { ResultSelector: { 'choices.$': '$.Payload.choices' }, ResultPath: '$.chosen' },
    run,
  );
  return [
    [name, evaluate],
    [run, parallel],
  ];
}

/** @param position - position of the branch's condition among the conditions */
function conditionalBranch(branch: Branch, stepName: string, position: number, scope: Scope): StateMachineDefinition {
  const skip = stateName(stepName, `skip${position}`);
  return compileNested(branch.steps, scope, [
    [
      stateName(stepName, `if${position}`),
      {
        Type: 'Choice',
        Choices: [
          { Variable: `$.chosen.choices[${position}]`, BooleanEquals: true, Next: branch.steps[0]?.name ?? skip },
        ],
        Default: skip,
      },
    ],
    [skip, { Type: 'Succeed' }],
  ]);
}
