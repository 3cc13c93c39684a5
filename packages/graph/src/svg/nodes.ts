import type { BoxNode, StepNode } from '../flow/model.js';
import type { PlacedBox, PlacedCompartment, PlacedFlow, PlacedNode, PlacedTerminal } from '../layout/picture.js';
import { edgeLabel, edgeLine } from './edges.js';
import { outline } from './shapes.js';
import { placedText } from './text.js';
import { element, type Xml } from './xml.js';

/** A flow with its contents: boxes below, then arrows, then the arrows' labels. */
export function flowContent({ nodes, edges }: PlacedFlow): readonly Xml[] {
  return [...nodes.map(drawnNode), ...edges.map(edgeLine), ...edges.flatMap(edgeLabel)];
}

function drawnNode(placed: PlacedNode): Xml {
  if ('compartments' in placed) return drawnBox(placed);
  if (!('name' in placed)) return drawnTerminal(placed);
  const { node, name, note } = placed;
  return element(
    'g',
    { class: `step ${node.shape}`, 'data-id': node.id },
    element('title', {}, tooltip(node)),
    ...outline(node.shape, placed),
    placedText(name),
    placedText(note, 'note'),
  );
}

function drawnBox(placed: PlacedBox): Xml {
  const { node, name, note, compartments } = placed;
  return element(
    'g',
    { class: `box ${node.shape}`, 'data-id': node.id },
    element('title', {}, tooltip(node)),
    ...outline(node.shape, placed),
    placedText(name),
    placedText(note, 'note'),
    ...compartments.map(drawnCompartment),
  );
}

function drawnCompartment({ label, flow, x, y, width, height }: PlacedCompartment): Xml {
  return element(
    'g',
    {},
    // Its own tooltip: otherwise that of the box would be shown for everything inside.
    element('title', {}, label === undefined ? '' : label.lines.join(' ')),
    element('rect', { class: 'compartment', x, y, width, height, rx: 3 }),
    ...(label === undefined ? [] : [placedText(label)]),
    ...flowContent(flow),
  );
}

function drawnTerminal({ node, text, x, y, width, height }: PlacedTerminal): Xml {
  return element(
    'g',
    { class: `terminal ${node.kind}`, 'data-id': node.id },
    element('rect', { class: 'shape', x, y, width, height, rx: height / 2 }),
    ...(text === undefined ? [] : [placedText(text)]),
  );
}

/** Maximum number of lines of a fact in a tooltip. */
const tooltipLines = 8;
const tooltipColumns = 100;

function tooltip({ name, facts }: StepNode | BoxNode): string {
  const lines = facts.map(({ label, text }) => {
    const all = text.trim().split('\n');
    const shown = all.slice(0, tooltipLines).map((line) => cut(line));
    if (all.length > tooltipLines) shown.push('…');
    return shown.length === 1 ? `${label}: ${shown[0]}` : [`${label}:`, ...shown.map((line) => `  ${line}`)].join('\n');
  });
  return [name, ...lines].join('\n');
}

const cut = (line: string): string => (line.length > tooltipColumns ? `${line.slice(0, tooltipColumns)}…` : line);
