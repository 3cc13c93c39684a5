import type { Fact, Flow } from '../flow/model.js';
import { renderSvg } from '../svg/render.js';
import { escapeXml } from '../svg/xml.js';
import { pageStyle } from './page-style.js';
import { viewerScript } from './viewer-script.js';

export interface HtmlOptions {
  readonly title?: string;
  readonly description?: string;
}

/**
 * Renders a flow as a separate page: the picture, which can be moved and enlarged, and beside it the details of a step
 * when it is clicked. One file without network access.
 */
export function renderHtml(flow: Flow, options: HtmlOptions = {}): string {
  const title = escapeXml(options.title ?? 'Workflow');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${pageStyle}</style>
</head>
<body>
<main id="stage" aria-label="${title}">
${renderSvg(flow, options)}</main>
<nav aria-label="size">
<button type="button" id="closer" title="larger (+)">+</button>
<button type="button" id="farther" title="smaller (-)">&minus;</button>
<button type="button" id="whole" title="the whole picture (0)">fit</button>
</nav>
<aside id="details" aria-live="polite"><p>Click a step to read about it. Drag to move, scroll with Ctrl to enlarge.</p></aside>
<script id="steps" type="application/json">${scriptJson(stepsOf(flow))}</script>
<script>${viewerScript}</script>
</body>
</html>
`;
}

interface ShownStep {
  readonly name: string;
  readonly note: string;
  readonly facts: readonly Fact[];
}

/** The details of each step, by the id of its shape in the picture. */
function stepsOf(flow: Flow): Record<string, ShownStep> {
  const steps: Record<string, ShownStep> = {};
  for (const node of flow.nodes) {
    if (node.kind === 'start' || node.kind === 'end') continue;
    steps[node.id] = { name: node.name, note: node.note, facts: node.facts };
    if (node.kind === 'box')
      for (const compartment of node.compartments) Object.assign(steps, stepsOf(compartment.flow));
  }
  return steps;
}

/** JSON that cannot close the script element that contains it. */
const scriptJson = (value: unknown): string => JSON.stringify(value).replaceAll('<', '\\u003c');
