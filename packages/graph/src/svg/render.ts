import type { Flow } from '../flow/model.js';
import { layOut } from '../layout/lay-out.js';
import { fonts, measured } from '../layout/measured-text.js';
import { wrap } from '../text/fit.js';
import { arrowHead } from './edges.js';
import { legend } from './legend.js';
import { flowContent } from './nodes.js';
import { styleSheet } from './style.js';
import { placedText } from './text.js';
import { element, type Xml } from './xml.js';

export interface SvgOptions {
  /** Heading of the picture; absent = none. */
  readonly title?: string;
  /** For screen readers. */
  readonly description?: string;
}

const margin = 24;
/** Minimum width of the legend, for narrow workflows. */
const leastWidth = 420;

/** Renders a flow as a self-contained SVG document: no script, no font, no network access. */
export function renderSvg(flow: Flow, { title, description }: SvgOptions = {}): string {
  const laidOut = layOut(flow);
  const width = Math.max(laidOut.width, leastWidth) + 2 * margin;
  const inner = width - 2 * margin;
  const heading = title === undefined ? undefined : measured(wrap(title, inner, fonts.title), fonts.title);
  const headingHeight = heading === undefined ? 0 : heading.height + 12;
  const key = legend(flow, margin, margin + headingHeight, inner);
  const top = margin + headingHeight + key.height + margin;
  const height = top + laidOut.height + margin;

  const content: Xml[] = [
    element('title', {}, title ?? 'Workflow'),
    ...(description === undefined ? [] : [element('desc', {}, description)]),
    { xml: `<style>${styleSheet}</style>` },
    element('defs', {}, arrowHead),
    element('rect', { class: 'canvas', width, height }),
    ...(heading === undefined ? [] : [placedText(heading.around({ x: width / 2, y: margin + heading.height / 2 }))]),
    element('g', { class: 'legend' }, ...key.content),
    element('g', { class: 'flow' }, ...flowContent(laidOut.put({ x: (width - laidOut.width) / 2, y: top }))),
  ];
  return `${
    element(
      'svg',
      {
        xmlns: 'http://www.w3.org/2000/svg',
        class: 'bclaw',
        role: 'img',
        viewBox: `0 0 ${Math.ceil(width)} ${Math.ceil(height)}`,
        width: Math.ceil(width),
        height: Math.ceil(height),
      },
      ...content,
    ).xml
  }\n`;
}
