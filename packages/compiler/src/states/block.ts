import type { Diagnostic, Step } from '@bclaw/spec';
import type { CoreEnvironment } from '../core-environment.js';
import type { Job } from '../job.js';
import type { State } from '../states-language.js';
import { compileBatchStep } from './batch.js';
import { unsupportedStep } from './unsupported.js';

/** What states need to know of their surroundings. */
export interface Scope {
  readonly core: CoreEnvironment;
  /** A scatter's branches hand more to their jobs than the main line does. */
  readonly branch: boolean;
  /** A step's prefix of logical ids, unique in the workflow. */
  readonly logicalId: (stepName: string) => string;
  /** A step's part of physical names, unique in the workflow. */
  readonly namePart: (stepName: string) => string;
}

/** What steps compile to. */
export interface Block {
  readonly states: Readonly<Record<string, State>>;
  readonly jobs: readonly Job[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Compiles a block of steps: the whole workflow, or a branch of one of its steps. */
export function compileBlock(steps: readonly Step[], scope: Scope): Block {
  const blocks = steps.map((step) => compileStep(step, scope));
  return {
    states: Object.assign({}, ...blocks.map((block) => block.states)),
    jobs: blocks.flatMap((block) => block.jobs),
    diagnostics: blocks.flatMap((block) => block.diagnostics),
  };
}

function compileStep(step: Step, scope: Scope): Block {
  switch (step.kind) {
    case 'batch':
      return compileBatchStep(step, scope);
    case 'scatter':
    case 'subpipe':
    case 'native':
    case 'chooser':
    case 'parallel-chooser':
      return unsupportedStep(step);
    default:
      return step satisfies never;
  }
}
