import type { PlacedEdge, Run } from '../layout/picture.js';
import { placedText } from './text.js';
import { element, pixels, type Xml } from './xml.js';

/** The line of an arrow, with its head. */
export function edgeLine({ edge, runs }: PlacedEdge): Xml {
  return element('path', {
    class: edge.kind === 'jump' ? 'edge jump' : 'edge',
    'data-from': edge.from,
    'data-to': edge.to,
    d: edgePath(runs),
    'marker-end': 'url(#bclaw-arrow)',
  });
}

/** Vertical runs, and between them curves that begin and end vertically. */
export function edgePath(runs: readonly Run[]): string {
  let path = '';
  let before: Run | undefined;
  for (const run of runs) {
    if (before === undefined) path += `M ${pixels(run.x, run.from)}`;
    else if (Math.abs(before.x - run.x) < 0.05) path += ` V ${pixels(run.from)}`;
    else {
      const middle = (before.to + run.from) / 2;
      path += ` C ${pixels(before.x, middle)} ${pixels(run.x, middle)} ${pixels(run.x, run.from)}`;
    }
    if (run.to !== run.from) path += ` V ${pixels(run.to)}`;
    before = run;
  }
  return path;
}

/** The label of an arrow, with the full condition in the tooltip. */
export function edgeLabel({ edge, label }: PlacedEdge): readonly Xml[] {
  if (label === undefined) return [];
  const { x, y, width, height } = label;
  return [
    element(
      'g',
      { class: 'label' },
      element('title', {}, edge.label ?? ''),
      element('rect', { class: 'label-back', x, y, width, height, rx: 3 }),
      placedText(label),
    ),
  ];
}

export const arrowHead: Xml = element(
  'marker',
  {
    id: 'bclaw-arrow',
    viewBox: '0 0 10 10',
    refX: '9',
    refY: '5',
    markerWidth: '8',
    markerHeight: '8',
    markerUnits: 'userSpaceOnUse',
    orient: 'auto',
  },
  element('path', { class: 'arrow', d: 'M 0 0.8 L 10 5 L 0 9.2 z' }),
);
