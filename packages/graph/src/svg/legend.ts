import type { Flow, FlowNode, Shape } from '../flow/model.js';
import { fonts } from '../layout/measured-text.js';
import { textWidth } from '../text/measure.js';
import { edgePath } from './edges.js';
import { outline } from './shapes.js';
import { textFrom } from './text.js';
import { element, type Xml } from './xml.js';

const words: Readonly<Record<Shape, string>> = {
  batch: 'commands in a container',
  scatter: 'scatter: once for each item',
  chooser: 'chooser: one way',
  'parallel-chooser': 'parallel chooser: every true branch',
  subpipe: 'another workflow',
  parallel: 'parallel: all branches',
  native: 'Step Functions state',
  succeed: 'ends well',
  fail: 'ends in failure',
};

interface Entry {
  readonly text: string;
  readonly shape?: Shape;
}

/** The legend of a picture and its height. */
export interface Legend {
  readonly height: number;
  readonly content: readonly Xml[];
}

const symbol = { width: 30, height: 18 } as const;
const rowHeight = 24;
const gap = { symbol: 8, entry: 20 } as const;

/** Explains the shapes in a flow, in rows of at most `width` pixels. */
export function legend(flow: Flow, x: number, y: number, width: number): Legend {
  const shown = shapesIn(flow);
  const entries: Entry[] = Object.entries(words).flatMap(([name, text]) => {
    const shape = [...shown].find((each) => each === name);
    return shape === undefined ? [] : [{ shape, text }];
  });
  if (hasJumps(flow)) entries.push({ text: 'next: not the following step' });

  const content: Xml[] = [];
  let left = x;
  let middle = y + rowHeight / 2;
  for (const { shape, text } of entries) {
    const wide = symbol.width + gap.symbol + textWidth(text, fonts.note);
    if (left > x && left + wide > x + width) {
      left = x;
      middle += rowHeight;
    }
    const area = { x: left, y: middle - symbol.height / 2, ...symbol };
    content.push(
      shape === undefined ? jumpSymbol(left, middle) : element('g', { class: shape }, ...outline(shape, area)),
    );
    content.push(textFrom(text, left + symbol.width + gap.symbol + 4, middle, fonts.note, 'note'));
    left += wide + gap.entry;
  }
  return { height: middle + rowHeight / 2 - y, content };
}

const jumpSymbol = (x: number, y: number): Xml =>
  element('path', {
    class: 'edge jump',
    d: `${edgePath([{ x, from: y, to: y }])} h 30`,
    'marker-end': 'url(#bclaw-arrow)',
  });

function shapesIn(flow: Flow): Set<Shape> {
  return new Set(nodesIn(flow).flatMap((node) => (node.kind === 'step' || node.kind === 'box' ? [node.shape] : [])));
}

const hasJumps = (flow: Flow): boolean =>
  [
    flow,
    ...nodesIn(flow).flatMap((node) => (node.kind === 'box' ? node.compartments.map((each) => each.flow) : [])),
  ].some(({ edges }) => edges.some(({ kind }) => kind === 'jump'));

/** All nodes of a flow, including nested ones. */
function nodesIn(flow: Flow): FlowNode[] {
  return flow.nodes.flatMap((node) => [
    node,
    ...(node.kind === 'box' ? node.compartments.flatMap((compartment) => nodesIn(compartment.flow)) : []),
  ]);
}
