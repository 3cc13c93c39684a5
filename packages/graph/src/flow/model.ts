/**
 * The content of a picture without positions: a workflow as boxes and arrows. SVG and Mermaid are two ways to render
 * it.
 *
 * No arrow crosses the border of a box, because `next` names a step of its own block; so every block is a separate
 * graph.
 */
export interface Flow {
  readonly nodes: readonly FlowNode[];
  readonly edges: readonly FlowEdge[];
}

export type FlowNode = StartNode | EndNode | StepNode | BoxNode;

export interface StartNode {
  readonly kind: 'start';
  readonly id: string;
}

/** The end of a block. */
export interface EndNode {
  readonly kind: 'end';
  readonly id: string;
}

/** A step without nested steps. */
export interface StepNode extends StepText {
  readonly kind: 'step';
  readonly id: string;
  readonly shape: StepShape;
}

/** A step with nested steps. */
export interface BoxNode extends StepText {
  readonly kind: 'box';
  readonly id: string;
  readonly shape: BoxShape;
  /** Side by side: one for a scatter, otherwise one per branch. */
  readonly compartments: readonly Compartment[];
}

export type StepShape = 'batch' | 'subpipe' | 'chooser' | 'native' | 'succeed' | 'fail';
export type BoxShape = 'scatter' | 'parallel-chooser' | 'parallel';
export type Shape = StepShape | BoxShape;

export interface StepText {
  readonly name: string;
  /** One short line below the name that summarizes the step. */
  readonly note: string;
  /** Details of the step. */
  readonly facts: readonly Fact[];
}

/** `commands` → the script, `image` → its name, … */
export interface Fact {
  readonly label: string;
  readonly text: string;
}

export interface Compartment {
  readonly id: string;
  /** The condition of a branch. */
  readonly label?: string;
  readonly flow: Flow;
}

export interface FlowEdge {
  readonly id: string;
  /** Ids of nodes of the same flow. */
  readonly from: string;
  readonly to: string;
  /**
   * `order`: to the next step in the block. `jump`: to another step, named by `next`. `choice`: from a chooser, with
   * its condition, or for an error.
   */
  readonly kind: 'order' | 'jump' | 'choice';
  /** For edges that leave a chooser, and those that catch an error. */
  readonly label?: string;
}
