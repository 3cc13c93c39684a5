import type { BoxNode, EndNode, Flow, FlowEdge, StartNode, StepNode } from '../flow/model.js';
import type { Font } from '../text/measure.js';

/** In pixels, from the top left corner of the picture. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Rectangle extends Point {
  readonly width: number;
  readonly height: number;
}

/** Lines of text around a centre. */
export interface PlacedText extends Rectangle {
  readonly lines: readonly string[];
  readonly font: Font;
}

/** A block with the positions of its contents. */
export interface PlacedFlow extends Rectangle {
  readonly flow: Flow;
  readonly nodes: readonly PlacedNode[];
  readonly edges: readonly PlacedEdge[];
}

export type PlacedNode = PlacedTerminal | PlacedStep | PlacedBox;

export interface PlacedTerminal extends Rectangle {
  readonly node: StartNode | EndNode;
  /** Absent inside boxes, where a dot is sufficient. */
  readonly text?: PlacedText;
}

export interface PlacedStep extends Rectangle {
  readonly node: StepNode;
  readonly name: PlacedText;
  readonly note: PlacedText;
}

export interface PlacedBox extends Rectangle {
  readonly node: BoxNode;
  readonly name: PlacedText;
  readonly note: PlacedText;
  readonly compartments: readonly PlacedCompartment[];
}

export interface PlacedCompartment extends Rectangle {
  readonly id: string;
  readonly label?: PlacedText;
  readonly flow: PlacedFlow;
}

/**
 * An arrow: vertical runs, connected by curves that begin and end vertically. Runs pass boxes, curves are between the
 * ranks.
 */
export interface PlacedEdge {
  readonly edge: FlowEdge;
  readonly runs: readonly Run[];
  readonly label?: PlacedText;
}

/** A vertical part of an arrow, in its direction. */
export interface Run {
  readonly x: number;
  readonly from: number;
  readonly to: number;
}
