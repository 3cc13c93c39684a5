import type { BoxNode, Compartment, Flow, FlowEdge, FlowNode, StepNode } from '../flow/model.js';
import { arrange, type Size } from './arrange.js';
import { conditionText, type MeasuredText, nameText, noteText, terminalText } from './measured-text.js';
import type { PlacedCompartment, PlacedEdge, PlacedFlow, PlacedNode, PlacedText, Point } from './picture.js';
import { route } from './route.js';

/** Padding inside a step, around its text. */
const stepPadding = { x: 14, y: 8 } as const;
/** The points on both sides of a chooser need space that its text cannot use. */
const chooserPoint = 16;
const smallestStep = { width: 120, height: 40 } as const;
const boxPadding = 14;
const compartmentPadding = 12;
const compartmentGap = 16;
/**
 * Offset of the sheets behind a scatter's box, to the right and below: they show that the box is repeated for each
 * item.
 */
export const pile = 8;
const dot: Size = { width: 12, height: 12 };

/** Something with a known size that can be placed. */
export interface Sized<T> extends Size {
  /** Places the top left corner at a point in the picture. */
  put(at: Point): T;
}

/**
 * Lays out a flow from the inside out: a box is as large as its flows, and in its own flow it is a node like any other.
 */
export function layOut(flow: Flow): Sized<PlacedFlow> {
  return sizedFlow(flow, true);
}

function sizedFlow(flow: Flow, isOutermost: boolean): Sized<PlacedFlow> {
  const nodes = new Map(flow.nodes.map((node) => [node.id, sizedNode(node, isOutermost)]));
  const labels = new Map(flow.edges.flatMap((edge) => labelOf(edge)));
  const toArrange = flow.edges.map(({ id, from, to }) => {
    const label = labels.get(id);
    return { id, from, to, ...(label === undefined ? {} : { label: { width: label.width, height: label.height } }) };
  });
  const arrangement = arrange(
    [...nodes].map(([id, { width, height }]) => ({ id, width, height })),
    toArrange,
  );
  const routes = route(toArrange, nodes, arrangement);
  const { width, height } = arrangement;

  return {
    width,
    height,
    put: ({ x, y }) => ({
      flow,
      x,
      y,
      width,
      height,
      nodes: [...nodes].map(([id, node]) => {
        const centre = arrangement.nodes.get(id) ?? { x: 0, y: 0 };
        return node.put({ x: x + centre.x - node.width / 2, y: y + centre.y - node.height / 2 });
      }),
      edges: flow.edges.map((edge): PlacedEdge => {
        const text = labels.get(edge.id);
        const centre = arrangement.edges.get(edge.id)?.label;
        const runs = (routes.get(edge.id) ?? []).map((run) => ({ x: x + run.x, from: y + run.from, to: y + run.to }));
        if (text === undefined || centre === undefined) return { edge, runs };
        return { edge, runs, label: text.around({ x: x + centre.x, y: y + centre.y }) };
      }),
    }),
  };
}

const labelOf = ({ id, label }: FlowEdge): [string, MeasuredText][] =>
  label === undefined ? [] : [[id, conditionText(label)]];

function sizedNode(node: FlowNode, isOutermost: boolean): Sized<PlacedNode> {
  switch (node.kind) {
    case 'start':
    case 'end':
      return sizedTerminal(node, isOutermost);
    case 'step':
      return sizedStep(node);
    case 'box':
      return sizedBox(node);
  }
}

function sizedTerminal(node: FlowNode & { kind: 'start' | 'end' }, isOutermost: boolean): Sized<PlacedNode> {
  if (!isOutermost) return { ...dot, put: (at) => ({ node, ...dot, ...at }) };
  const text = terminalText(node.kind);
  const size = { width: text.width + 32, height: text.height + 10 };
  return { ...size, put: (at) => ({ node, ...size, ...at, text: text.around(middle(at, size)) }) };
}

function sizedStep(node: StepNode): Sized<PlacedNode> {
  const name = nameText(node.name);
  const note = noteText(node.note);
  const points = node.shape === 'chooser' ? chooserPoint : 0;
  const width = Math.max(smallestStep.width, Math.max(name.width, note.width) + 2 * (stepPadding.x + points));
  const height = Math.max(smallestStep.height, name.height + note.height + 2 * stepPadding.y);
  return {
    width,
    height,
    put: (at) => ({ node, width, height, ...at, ...stacked(name, note, { ...at, width, height }) }),
  };
}

/** A name with its note below it, in the middle of a rectangle. */
function stacked(name: MeasuredText, note: MeasuredText, area: Point & Size): { name: PlacedText; note: PlacedText } {
  const { x, y } = middle(area, area);
  const top = y - (name.height + note.height) / 2;
  return {
    name: name.around({ x, y: top + name.height / 2 }),
    note: note.around({ x, y: top + name.height + note.height / 2 }),
  };
}

function sizedBox(node: BoxNode): Sized<PlacedNode> {
  const name = nameText(node.name);
  const note = noteText(node.note);
  const labels = node.compartments.map(({ label }) => (label === undefined ? undefined : conditionText(label)));
  const labelHeight = Math.max(
    0,
    ...labels.map((label) => (label === undefined ? 0 : label.height + compartmentPadding)),
  );
  const compartments = node.compartments.map((each, index) => sizedCompartment(each, labels[index], labelHeight));
  const behind = node.shape === 'scatter' ? pile : 0;
  const header = name.height + note.height + boxPadding;
  const inner = {
    width: sum(compartments.map((each) => each.width)) + compartmentGap * Math.max(0, compartments.length - 1),
    height: Math.max(0, ...compartments.map((each) => each.height)),
  };
  const front = {
    width: Math.max(inner.width, name.width, note.width) + 2 * boxPadding,
    height: header + inner.height + boxPadding,
  };
  const width = front.width + behind;
  const height = front.height + behind;
  return {
    width,
    height,
    put: (at) => {
      let left = at.x + (front.width - inner.width) / 2;
      const placed = compartments.map((compartment) => {
        const here = compartment.put({ x: left, y: at.y + header }, inner.height);
        left += compartment.width + compartmentGap;
        return here;
      });
      const heading = stacked(name, note, { ...at, width: front.width, height: header });
      return { node, width, height, ...at, ...heading, compartments: placed };
    },
  };
}

interface SizedCompartment extends Size {
  /** All compartments of a box are as high as the highest. */
  put(at: Point, height: number): PlacedCompartment;
}

/** @param header height for the labels of all compartments of the box, so that their steps begin at the same height */
function sizedCompartment({ id, flow }: Compartment, text: MeasuredText | undefined, header: number): SizedCompartment {
  const inner = sizedFlow(flow, false);
  const width = Math.max(inner.width, text?.width ?? 0) + 2 * compartmentPadding;
  return {
    width,
    height: header + inner.height + 2 * compartmentPadding,
    put: (at, height) => ({
      id,
      ...at,
      width,
      height,
      flow: inner.put({ x: at.x + (width - inner.width) / 2, y: at.y + header + compartmentPadding }),
      ...(text === undefined
        ? {}
        : { label: text.around({ x: at.x + width / 2, y: at.y + compartmentPadding + text.height / 2 }) }),
    }),
  };
}

const middle = ({ x, y }: Point, { width, height }: Size): Point => ({ x: x + width / 2, y: y + height / 2 });

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
