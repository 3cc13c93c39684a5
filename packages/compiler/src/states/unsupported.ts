import type { BatchStep, Step } from '@bclaw/spec';
import { error } from '../diagnostic.js';
import type { Block } from './block.js';

/** A kind of step that the language has and this compiler does not yet. */
export function unsupportedStep(step: Exclude<Step, BatchStep>): Block {
  return {
    states: {},
    jobs: [],
    diagnostics: [
      error(
        'unsupported-step',
        step.path,
        `The step "${step.name}" is of the kind ${step.kind}, which this version of bclaw cannot compile yet.`,
        'Use batch steps (with `commands`) only.',
      ),
    ],
  };
}
