import type { Fields } from './fields.js';

/** The kind of a step, derived from its states. */
export type StepKind = 'batch' | 'scatter' | 'subpipe' | 'chooser' | 'parallel chooser' | 'native';

/** A compiled or deployed step: its states and its job definition under the template's names. */
export interface StepView {
  readonly name: string;
  readonly kind: StepKind;
  /** The step that contains it; absent at the top level. */
  readonly inside?: string;
  readonly fields: Fields;
}

/** A compiled or deployed workflow, in a form that allows a comparison of the two. */
export interface WorkflowView {
  /** In execution order. */
  readonly steps: readonly StepView[];
  /** Fields of the whole workflow: `Repository`. */
  readonly settings: Fields;
  /** The resources of the core stack that it uses: the runner's image, functions, roles. */
  readonly platform: Fields;
}
