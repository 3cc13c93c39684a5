import type { Step } from '@bclaw/spec';
import type { StateMachineDefinition } from '../states-language.js';
import { compileBatchStep } from './batch.js';
import { compileChooserStep } from './chooser.js';
import { compileNativeStep } from './native.js';
import { compileParallelChooserStep } from './parallel-chooser.js';
import { compileScatterStep } from './scatter.js';
import type { NamedState, Scope } from './scope.js';
import { compileSubpipeStep } from './subpipe.js';

/** Compiles a block of steps: the whole workflow, or a branch of one of its steps. */
function compileBlock(steps: readonly Step[], scope: Scope): readonly NamedState[] {
  return steps.flatMap((step) => compileStep(step, scope));
}

/** Compiles a block inside a state: it starts with its first step, unless `before` contains states that precede it. */
export function compileNested(
  steps: readonly Step[],
  scope: Scope,
  before: readonly NamedState[] = [],
): StateMachineDefinition {
  const states = [...before, ...compileBlock(steps, scope)];
  // A step may have any name, even `__proto__`, so the map is created from entries.
  return { StartAt: states[0]?.[0] ?? '', States: Object.fromEntries(states) };
}

/** The states of a step; the first one has the step's name, so that other steps can lead to it. */
function compileStep(step: Step, scope: Scope): readonly NamedState[] {
  switch (step.kind) {
    case 'batch':
      return compileBatchStep(step, scope);
    case 'scatter':
      return compileScatterStep(step, scope);
    case 'subpipe':
      return compileSubpipeStep(step, scope);
    case 'native':
      return compileNativeStep(step, scope);
    case 'chooser':
      return compileChooserStep(step, scope);
    case 'parallel-chooser':
      return compileParallelChooserStep(step, scope);
    default:
      return step satisfies never;
  }
}
