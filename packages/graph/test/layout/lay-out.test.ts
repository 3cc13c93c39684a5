import { flowOf, layOut, type PlacedEdge, type PlacedFlow, type PlacedNode, type Rectangle } from '@bclaw/graph';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyWorkflow, everything, sixtySteps, steps } from '../workflows.js';

/** Half a pixel, which is not visible. */
const tolerance = 0.5;

const inside = (inner: Rectangle, outer: Rectangle): boolean =>
  inner.x >= outer.x - tolerance &&
  inner.y >= outer.y - tolerance &&
  inner.x + inner.width <= outer.x + outer.width + tolerance &&
  inner.y + inner.height <= outer.y + outer.height + tolerance;

const overlap = (one: Rectangle, other: Rectangle): boolean =>
  one.x + one.width > other.x + tolerance &&
  other.x + other.width > one.x + tolerance &&
  one.y + one.height > other.y + tolerance &&
  other.y + other.height > one.y + tolerance;

const textsOf = (node: PlacedNode): readonly Rectangle[] => {
  if ('name' in node) return [node.name, node.note];
  return node.text === undefined ? [] : [node.text];
};

/** Points along an arrow, on its runs and on the curves between them, as they are drawn. */
function* along({ runs }: PlacedEdge): Generator<{ x: number; y: number }> {
  for (const [index, run] of runs.entries()) {
    const steps = Math.max(1, Math.ceil(Math.abs(run.to - run.from) / 4));
    for (let step = 0; step <= steps; step += 1) yield { x: run.x, y: run.from + ((run.to - run.from) * step) / steps };
    const next = runs[index + 1];
    if (next === undefined) continue;
    const middle = (run.to + next.from) / 2;
    for (let t = 0; t <= 1; t += 0.05) {
      const [a, b, c, d] = [(1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t ** 2 * (1 - t), t ** 3];
      yield { x: (a + b) * run.x + (c + d) * next.x, y: a * run.to + (b + c) * middle + d * next.from };
    }
  }
}

/** All errors in a picture. */
function mistakes(placed: PlacedFlow): string[] {
  const found: string[] = [];
  const labels = placed.edges.flatMap(({ edge, label }) => (label === undefined ? [] : [{ id: edge.id, label }]));
  const standing: { id: string; area: Rectangle }[] = [
    ...placed.nodes.map((node) => ({ id: node.node.id, area: node })),
    ...labels.map(({ id, label }) => ({ id, area: label })),
  ];
  for (const { id, area } of standing) if (!inside(area, placed)) found.push(`${id} is outside of its flow`);
  for (const [index, one] of standing.entries())
    for (const other of standing.slice(index + 1))
      if (overlap(one.area, other.area)) found.push(`${one.id} and ${other.id} overlap`);
  for (const node of placed.nodes) {
    for (const text of textsOf(node)) if (!inside(text, node)) found.push(`text sticks out of ${node.node.id}`);
    if (!('compartments' in node)) continue;
    for (const [index, compartment] of node.compartments.entries()) {
      if (!inside(compartment, node)) found.push(`compartment ${index} sticks out of ${node.node.id}`);
      if (!inside(compartment.flow, compartment)) found.push(`a flow sticks out of its compartment in ${node.node.id}`);
      if (compartment.label !== undefined && !inside(compartment.label, compartment)) found.push('a label sticks out');
      if (compartment.label !== undefined && overlap(compartment.label, compartment.flow))
        found.push('a label is in the way');
      for (const text of textsOf(node)) if (overlap(text, compartment)) found.push('a compartment hides text');
      for (const other of node.compartments.slice(index + 1))
        if (overlap(compartment, other)) found.push(`compartments of ${node.node.id} overlap`);
      found.push(...mistakes(compartment.flow));
    }
  }
  for (const edge of placed.edges) {
    const others = standing.filter(({ id }) => ![edge.edge.id, edge.edge.from, edge.edge.to].includes(id));
    for (const point of along(edge)) {
      const at = { x: point.x, y: point.y, width: 0, height: 0 };
      const hit = others.find(({ area }) =>
        overlap({ ...at, x: at.x - 0.1, y: at.y - 0.1, width: 0.2, height: 0.2 }, shrunk(area)),
      );
      if (hit !== undefined) {
        found.push(`arrow ${edge.edge.id} runs through ${hit.id}`);
        break;
      }
    }
  }
  return found;
}

const shrunk = ({ x, y, width, height }: Rectangle): Rectangle => ({
  x: x + tolerance,
  y: y + tolerance,
  width: width - 2 * tolerance,
  height: height - 2 * tolerance,
});

/** Returns true if each arrow begins and ends at its steps. */
function touches(placed: PlacedFlow): boolean {
  const nodes = new Map(placed.nodes.map((node) => [node.node.id, node]));
  return placed.edges.every(({ edge, runs }) => {
    const ends = [
      { node: nodes.get(edge.from), x: runs[0]?.x ?? 0, y: runs[0]?.from ?? 0 },
      { node: nodes.get(edge.to), x: runs.at(-1)?.x ?? 0, y: runs.at(-1)?.to ?? 0 },
    ];
    return ends.every(({ node, x, y }) => {
      if (node === undefined) return false;
      const onBorder = Math.abs(y - node.y) < 7 || Math.abs(y - node.y - node.height) < 7;
      return onBorder && x >= node.x && x <= node.x + node.width;
    });
  });
}

const flowsIn = (placed: PlacedFlow): PlacedFlow[] => [
  placed,
  ...placed.nodes.flatMap((node) =>
    'compartments' in node ? node.compartments.flatMap(({ flow }) => flowsIn(flow)) : [],
  ),
];

describe('layOut', () => {
  it.each([
    ['sixty steps', sixtySteps()],
    ['everything', everything()],
  ])('gives %s places without overlaps, and arrows that pass boxes by', (_what, workflow) => {
    expect(mistakes(layOut(flowOf(workflow)).put({ x: 0, y: 0 }))).toEqual([]);
  });

  it('does so for any workflow', () => {
    fc.assert(
      fc.property(anyWorkflow, (workflow) => {
        const placed = layOut(flowOf(workflow)).put({ x: 10, y: 20 });
        expect(mistakes(placed)).toEqual([]);
        expect(flowsIn(placed).every(touches)).toBe(true);
      }),
      { numRuns: 80, seed: 4 },
    );
  });

  it('puts branches side by side and steps below each other', () => {
    const placed = layOut(flowOf(sixtySteps())).put({ x: 0, y: 0 });
    const box = placed.nodes.find((node) => 'compartments' in node && node.node.name === 'callers');
    if (box === undefined || !('compartments' in box)) throw new Error('callers is a box');
    const [first, second, third] = box.compartments;
    expect(first?.y).toBe(second?.y);
    expect((first?.x ?? 0) + (first?.width ?? 0)).toBeLessThan(second?.x ?? 0);
    expect((second?.x ?? 0) + (second?.width ?? 0)).toBeLessThan(third?.x ?? 0);
    const tops = first?.flow.nodes.map(({ y }) => y) ?? [];
    expect(tops).toEqual(tops.toSorted((above, below) => above - below));
  });

  it('writes a condition where its arrow leaves the chooser, however high the box is that the arrow passes by', () => {
    const names = Array.from({ length: 12 }, (_, index) => `{s${index}: {inputs: {}, commands: x}}`);
    const skipping = steps(`
  - wanted: {inputs: {q: q.json}, choices: [{if: not q.wanted, next: report}]}
  - samples: {scatter: {sample: [1, 2]}, steps: [${names.join(', ')}]}
  - report: {inputs: {}, commands: x}
`);
    const placed = layOut(flowOf(skipping)).put({ x: 0, y: 0 });
    const box = placed.nodes.find((node) => 'compartments' in node);
    const label = placed.edges.find(({ edge }) => edge.label === 'not q.wanted')?.label;
    expect(box?.height).toBeGreaterThan(800);
    expect(label?.y).toBeGreaterThanOrEqual(box?.y ?? 0);
    expect(label?.y).toBeLessThan((box?.y ?? 0) + 60);
    expect(mistakes(placed)).toEqual([]);
  });

  it('gives the same places every time', () => {
    const places = () => JSON.stringify(layOut(flowOf(sixtySteps())).put({ x: 0, y: 0 }));
    expect(places()).toBe(places());
  });
});
