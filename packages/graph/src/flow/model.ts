/**
 * What there is to draw, without places: a workflow as boxes and arrows. SVG and Mermaid are two ways to show it.
 *
 * No arrow crosses the border of a box, because `next` names a step of its own block; so every block is a graph of its own.
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

/** Where a block is done. */
export interface EndNode {
  readonly kind: 'end';
  readonly id: string;
}

/** A step without steps inside. */
export interface StepNode extends StepText {
  readonly kind: 'step';
  readonly id: string;
  readonly shape: StepShape;
}

/** A step with steps inside. */
export interface BoxNode extends StepText {
  readonly kind: 'box';
  readonly id: string;
  readonly shape: BoxShape;
  /** Side by side: one for a scatter, one a branch otherwise. */
  readonly compartments: readonly Compartment[];
}

export type StepShape = 'batch' | 'subpipe' | 'chooser' | 'native' | 'succeed' | 'fail';
export type BoxShape = 'scatter' | 'parallel-chooser' | 'parallel';
export type Shape = StepShape | BoxShape;

export interface StepText {
  readonly name: string;
  /** One short line below the name: what the step is about. */
  readonly note: string;
  /** What a reader may want to know on second sight. */
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
  /** `order`: the step written next. `jump`: another one, named by `next`. `choice`: of a chooser, with its condition, or for an error. */
  readonly kind: 'order' | 'jump' | 'choice';
  /** Of the edges that leave a chooser, and of those that catch an error. */
  readonly label?: string;
}
