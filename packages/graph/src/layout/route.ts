import { type ArrangedEdge, type Arrangement, type EdgeCourse, type Rank, rankAt, type Size } from './arrange.js';
import type { Point, Run } from './picture.js';

/** Distance between two arrows at the same side of a node, if there is room. */
const portDistance = 22;

type Side = 'top' | 'bottom';

interface Port {
  readonly key: string;
  readonly side: Side;
  /** The other end of the arrow, to avoid crossing of neighbours. */
  readonly towards: number;
}

/** Converts the arrows of an arrangement to vertical runs. */
export function route(
  edges: readonly ArrangedEdge[],
  sizes: ReadonlyMap<string, Size>,
  arrangement: Arrangement,
): Map<string, readonly Run[]> {
  const ports = portsOf(edges, sizes, arrangement);
  return new Map(edges.map((edge) => [edge.id, runsOf(edge, sizes, arrangement, ports)]));
}

function runsOf(
  { id, from, to }: ArrangedEdge,
  sizes: ReadonlyMap<string, Size>,
  { nodes, edges, ranks }: Arrangement,
  ports: ReadonlyMap<string, number>,
): Run[] {
  const source = at(nodes, from);
  const target = at(nodes, to);
  if (from === to) return loop(source, at(sizes, from), at(edges, id), rankAt(ranks, source.y));
  const down = goesDown(source, target);
  const half = (node: string) => at(sizes, node).height / 2;
  const border = (y: number, side: Side): number => rankAt(ranks, y)?.[side] ?? y;
  const [leaving, entering]: readonly [Side, Side] = down ? ['bottom', 'top'] : ['top', 'bottom'];

  const runs: Run[] = [
    {
      x: at(ports, `${id}:from`),
      from: source.y + (down ? half(from) : -half(from)),
      to: border(source.y, leaving),
    },
  ];
  // Where only edges pass, no straight run is needed: one long curve looks better than two short ones.
  for (const { x, y } of at(edges, id).passes)
    if (rankAt(ranks, y) !== undefined) runs.push({ x, from: border(y, entering), to: border(y, leaving) });
  runs.push({
    x: at(ports, `${id}:to`),
    from: border(target.y, entering),
    to: target.y + (down ? -half(to) : half(to)),
  });
  return runs;
}

/** Distance from its rank at which a loop turns. */
const turn = 5;

/** A step whose next step is itself: out below its rank, up on the right, and in from above. */
function loop({ x, y }: Point, { width, height }: Size, { label }: EdgeCourse, rank: Rank | undefined): Run[] {
  const inside = x + width / 2 - Math.min(12, width / 4);
  const below = (rank?.bottom ?? y + height / 2) + turn;
  const above = (rank?.top ?? y - height / 2) - turn;
  return [
    { x: inside, from: y + height / 2, to: below },
    { x: label.x, from: below, to: above },
    { x: inside, from: above, to: y - height / 2 },
  ];
}

/** The positions where each arrow begins and ends on the borders of its nodes: `<edge id>:from` and `:to` → x. */
function portsOf(
  edges: readonly ArrangedEdge[],
  sizes: ReadonlyMap<string, Size>,
  { nodes, edges: courses }: Arrangement,
): Map<string, number> {
  const byNode = new Map<string, Port[]>();
  const add = (node: string, port: Port): void => {
    byNode.set(node, [...(byNode.get(node) ?? []), port]);
  };
  for (const { id, from, to } of edges) {
    if (from === to) continue;
    const source = at(nodes, from);
    const target = at(nodes, to);
    const { passes } = at(courses, id);
    const down = goesDown(source, target);
    add(from, { key: `${id}:from`, side: down ? 'bottom' : 'top', towards: (passes[0] ?? target).x });
    add(to, { key: `${id}:to`, side: down ? 'top' : 'bottom', towards: (passes.at(-1) ?? source).x });
  }
  const ports = new Map<string, number>();
  for (const [node, all] of byNode)
    for (const side of ['top', 'bottom'] as const)
      spread(
        all.filter((port) => port.side === side),
        at(nodes, node).x,
        at(sizes, node).width,
        ports,
      );
  return ports;
}

/** Spreads ports side by side around the middle, in the order of their other ends. */
function spread(side: readonly Port[], x: number, width: number, ports: Map<string, number>): void {
  const ordered = side.toSorted((left, right) => left.towards - right.towards);
  const distance = Math.min(portDistance, (width * 0.7) / Math.max(1, ordered.length));
  const first = x - (distance * (ordered.length - 1)) / 2;
  for (const [index, { key }] of ordered.entries()) ports.set(key, first + index * distance);
}

const goesDown = (source: Point, target: Point): boolean => target.y >= source.y;

/** Returns a value that must exist: arrangements contain every node and edge that they were made of. */
function at<K, V>(map: ReadonlyMap<K, V>, key: K): V {
  const value = map.get(key);
  if (value === undefined) throw new Error(`The arrangement has no ${String(key)}.`);
  return value;
}
