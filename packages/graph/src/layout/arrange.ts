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

/** Centres of the nodes, and the upper and lower bounds of the ranks. */
export interface Arrangement extends Size {
  readonly nodes: ReadonlyMap<string, Point>;
  readonly edges: ReadonlyMap<string, EdgeCourse>;
  readonly ranks: readonly Rank[];
}

/**
 * The points where an edge passes the ranks between its nodes, in its own direction, and the centre of its label, if it
 * has one.
 */
export interface EdgeCourse {
  readonly passes: readonly Point[];
  readonly label: Point;
}

/** Nodes and labels that are side by side. */
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

/**
 * Arranges a graph in ranks from top to bottom with dagre: every node, label and passing edge gets its own place in its
 * rank.
 */
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
    return { id, from, label, passes: points.slice(1, -1), middle: centre(at) };
  });
  const labels = placedEdges.flatMap(({ label, middle }) => (label === undefined ? [] : [{ ...label, ...middle }]));
  const { width = 0, height = 0 } = graph.graph();
  const places = new Map(placedNodes.map(({ id, x, y }) => [id, { x, y }]));
  const ranks = ranksOf([...placedNodes, ...labels]);
  return {
    width,
    height,
    nodes: places,
    edges: new Map(
      placedEdges.map(({ id, from, passes, middle }) => [
        id,
        { passes, label: nearSource(middle, places.get(from), rankAt(ranks, middle.y)) },
      ]),
    ),
    ranks,
  };
}

/** Maximum distance from the centre of a label to the border of its rank where its edge enters. */
const farthestLabel = 40;

/** A label has the full height of its rank for itself: beside a high box it is placed where the edge begins. */
function nearSource({ x, y }: Point, source: Point | undefined, rank: Rank | undefined): Point {
  if (source === undefined || rank === undefined || rank.y === source.y) return { x, y };
  return {
    x,
    y: source.y < y ? Math.min(y, rank.top + farthestLabel) : Math.max(y, rank.bottom - farthestLabel),
  };
}

const centre = ({ x = 0, y = 0 }: Partial<Point>): Point => ({ x, y });

/** All items of a rank are centred at the same height. */
function ranksOf(standing: readonly { readonly y: number; readonly height: number }[]): Rank[] {
  const ranks = new Map<number, Rank>();
  for (const { y, height } of standing) {
    const key = rankKey(y);
    const half = Math.max(height / 2, y - (ranks.get(key)?.top ?? y));
    ranks.set(key, { y, top: y - half, bottom: y + half });
  }
  return [...ranks.values()].sort((above, below) => above.y - below.y);
}

/** Rounds to remove floating point errors. */
const rankKey = (y: number): number => Math.round(y * 100);

/** The rank at a height; undefined where only edges pass. */
export function rankAt(ranks: readonly Rank[], y: number): Rank | undefined {
  return ranks.find((rank) => rankKey(rank.y) === rankKey(y));
}
