import type { BoxNode, Compartment, Flow, FlowEdge, FlowNode, Shape, StepNode } from '../flow/model.js';
import { escapeMermaid } from './escape.js';

/** Brackets around the label, which define a shape in Mermaid. */
const brackets: Readonly<Record<StepNode['shape'], readonly [string, string]>> = {
  batch: ['(', ')'],
  subpipe: ['[[', ']]'],
  chooser: ['{{', '}}'],
  native: ['[', ']'],
  succeed: ['([', '])'],
  fail: ['[/', '/]'],
};

/** The light colours of the SVG; Mermaid also needs the text colour, for dark pages. */
const styles: Readonly<Record<Shape, string>> = {
  batch: 'fill:#e6f2fa,stroke:#0072b2,color:#1b1f24',
  subpipe: 'fill:#fdf1dc,stroke:#9a6200,color:#1b1f24',
  chooser: 'fill:#fdf8cf,stroke:#7a6a00,color:#1b1f24',
  native: 'fill:#f3f4f6,stroke:#57606a,color:#1b1f24,stroke-dasharray:2 2',
  succeed: 'fill:#dff5ec,stroke:#00734f,color:#1b1f24,stroke-width:3px',
  fail: 'fill:#fde7da,stroke:#b04a00,color:#1b1f24,stroke-width:3px',
  scatter: 'fill:#fbeef5,stroke:#9c3d78,color:#1b1f24',
  'parallel-chooser': 'fill:#fdf8cf,stroke:#7a6a00,color:#1b1f24,stroke-dasharray:7 4',
  parallel: 'fill:#f3f4f6,stroke:#57606a,color:#1b1f24,stroke-dasharray:7 4',
};

/** Maximum length of a condition on an arrow, in characters. */
const longestCondition = 120;

/**
 * Renders a flow as a Mermaid flowchart, which GitHub, GitLab and many editors show in Markdown.
 *
 * @example
 * ```ts
 * const page = ['```mermaid', renderMermaid(flowOf(workflow)), '```'].join('\n');
 * ```
 */
export function renderMermaid(flow: Flow): string {
  const lines = ['flowchart TD', ...flowLines(flow, true).map((line) => `  ${line}`)];
  for (const [shape, style] of Object.entries(styles))
    if (lines.some((line) => line.endsWith(` ${shape}`) || line.endsWith(`:::${shape}`)))
      lines.push(`  classDef ${shape} ${style}`);
  return `${lines.join('\n')}\n`;
}

function flowLines({ nodes, edges }: Flow, isOutermost: boolean): string[] {
  return [...nodes.flatMap((node) => nodeLines(node, isOutermost)), ...withSingleLoops(edges).map(edgeLine)];
}

function nodeLines(node: FlowNode, isOutermost: boolean): string[] {
  switch (node.kind) {
    case 'start':
    case 'end':
      return [isOutermost ? `${node.id}(["${node.kind}"])` : `${node.id}((" "))`];
    case 'step': {
      const [open, close] = brackets[node.shape];
      return [`${node.id}${open}"${nodeLabel(node)}"${close}:::${node.shape}`];
    }
    case 'box':
      return [
        `subgraph ${node.id}["${nodeLabel(node)}"]`,
        ...boxLines(node).map((line) => `  ${line}`),
        'end',
        `class ${node.id} ${node.shape}`,
      ];
  }
}

/** A single compartment without a label does not need its own frame. */
function boxLines({ compartments }: BoxNode): string[] {
  const [only, ...others] = compartments;
  if (only !== undefined && others.length === 0 && only.label === undefined)
    return ['direction TB', ...flowLines(only.flow, false)];
  return ['direction TB', ...compartments.flatMap(compartmentLines)];
}

const compartmentLines = ({ id, label = '', flow }: Compartment): string[] => [
  `subgraph ${id}["${conditionLabel(label)}"]`,
  ...['direction TB', ...flowLines(flow, false)].map((line) => `  ${line}`),
  'end',
];

/** Mermaid draws only one of several arrows from a node to itself, so they are merged into one with all labels. */
function withSingleLoops(edges: readonly FlowEdge[]): readonly FlowEdge[] {
  const loops = new Map<string, FlowEdge>();
  const others: FlowEdge[] = [];
  for (const edge of edges) {
    const before = loops.get(edge.from);
    if (edge.from !== edge.to) others.push(edge);
    else loops.set(edge.from, before === undefined ? edge : { ...edge, label: `${before.label} or ${edge.label}` });
  }
  return [...others, ...loops.values()];
}

function edgeLine({ from, to, kind, label }: FlowEdge): string {
  const arrow = kind === 'jump' ? '-.->' : '-->';
  return `${from} ${arrow}${label === undefined ? '' : `|"${conditionLabel(label)}"|`} ${to}`;
}

const nodeLabel = ({ name, note }: { name: string; note: string }): string =>
  `${escapeMermaid(name)}<br/>${escapeMermaid(note)}`;

/** Never empty: Mermaid treats an empty label as an error. */
const conditionLabel = (condition: string): string =>
  escapeMermaid(condition.length > longestCondition ? `${condition.slice(0, longestCondition)}…` : condition) || ' ';
