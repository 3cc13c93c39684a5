import { Graph, layout } from '@dagrejs/dagre';
import type { Point } from './picture.js';

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface ArrangedNode extends Size {
  readonly id: string;
}

export interface ArrangedEdge {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly label?: Size;
}

/** Centres, and how far the nodes of a rank reach up and down. */
export interface Arrangement extends Size {
  readonly nodes: ReadonlyMap<string, Point>;
  readonly edges: ReadonlyMap<string, EdgeCourse>;
  readonly ranks: readonly Rank[];
}

/** Where an edge passes the ranks between its nodes, in its own direction, and where its label is or would be. */
export interface EdgeCourse {
  readonly passes: readonly Point[];
  readonly middle: Point;
}

/** Nodes and labels that stand side by side. */
export interface Rank {
  readonly y: number;
  readonly top: number;
  readonly bottom: number;
}

const separation = { node: 30, edge: 16, rank: 34 } as const;

interface NodeLabel extends Size {
  x?: number;
  y?: number;
}

interface EdgeLabel extends Size {
  labelpos: 'c';
  weight: number;
  x?: number;
  y?: number;
  points?: Point[];
}

/** Layers a graph from top to bottom with dagre: every node, label and passing edge gets a place of its own in its rank. */
export function arrange(nodes: readonly ArrangedNode[], edges: readonly ArrangedEdge[]): Arrangement {
  const graph = new Graph<Partial<Size> & Record<string, unknown>, NodeLabel, EdgeLabel>({ multigraph: true });
  graph.setGraph({ nodesep: separation.node, edgesep: separation.edge, ranksep: separation.rank });
  for (const { id, width, height } of nodes) graph.setNode(id, { width, height });
  for (const { id, from, to, label = { width: 0, height: 0 } } of edges)
    graph.setEdge(from, to, { ...label, labelpos: 'c', weight: 1 }, id);
  layout(graph);

  const placedNodes = nodes.map(({ id, height }) => ({ id, height, ...centre(graph.node(id)) }));
  const placedEdges = edges.map(({ id, from, to, label }) => {
    const { points = [], ...at } = graph.edge(from, to, id);
    return { id, label, passes: points.slice(1, -1), middle: centre(at) };
  });
  const labels = placedEdges.flatMap(({ label, middle }) => (label === undefined ? [] : [{ ...label, ...middle }]));
  const { width = 0, height = 0 } = graph.graph();
  return {
    width,
    height,
    nodes: new Map(placedNodes.map(({ id, x, y }) => [id, { x, y }])),
    edges: new Map(placedEdges.map(({ id, passes, middle }) => [id, { passes, middle }])),
    ranks: ranksOf([...placedNodes, ...labels]),
  };
}

const centre = ({ x = 0, y = 0 }: Partial<Point>): Point => ({ x, y });

/** Everything in a rank is centred on one height. */
function ranksOf(standing: readonly { readonly y: number; readonly height: number }[]): Rank[] {
  const ranks = new Map<number, Rank>();
  for (const { y, height } of standing) {
    const key = rankKey(y);
    const half = Math.max(height / 2, y - (ranks.get(key)?.top ?? y));
    ranks.set(key, { y, top: y - half, bottom: y + half });
  }
  return [...ranks.values()].sort((above, below) => above.y - below.y);
}

/** Rounds off what floating point adds. */
const rankKey = (y: number): number => Math.round(y * 100);

/** The rank at a height; undefined where only edges pass. */
export function rankAt(ranks: readonly Rank[], y: number): Rank | undefined {
  return ranks.find((rank) => rankKey(rank.y) === rankKey(y));
}
