import type { Fields } from './fields.js';

/** What sort of step it is, as its states tell. */
export type StepKind = 'batch' | 'scatter' | 'subpipe' | 'chooser' | 'parallel chooser' | 'native';

/** A step as it is compiled or deployed: its states and its job definition under the template's names. */
export interface StepView {
  readonly name: string;
  readonly kind: StepKind;
  /** The step whose branch it is in; absent at the top. */
  readonly inside?: string;
  readonly fields: Fields;
}

/** A workflow as it is compiled or deployed, in a form in which the two can be compared. */
export interface WorkflowView {
  /** In the order in which they follow each other. */
  readonly steps: readonly StepView[];
  /** Of the whole workflow: `Repository`. */
  readonly settings: Fields;
  /** What it uses of the core stack: the runner's image, functions, roles. */
  readonly platform: Fields;
}
