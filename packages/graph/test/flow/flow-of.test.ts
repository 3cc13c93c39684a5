import { flowOf } from '@bclaw/graph';
import { describe, expect, it } from 'vitest';
import { sixtySteps, steps } from '../workflows.js';

/** Edges by the names of their steps: `a -> b`, with their labels. */
function arrows(flow: ReturnType<typeof flowOf>): string[] {
  const names = new Map(flow.nodes.map((node) => [node.id, 'name' in node ? node.name : `(${node.kind})`]));
  return flow.edges.map(
    ({ from, to, kind, label }) =>
      `${names.get(from)} -> ${names.get(to)} ${kind}${label === undefined ? '' : ` [${label}]`}`,
  );
}

const batch = 'inputs: {}, commands: x';

describe('flowOf', () => {
  it('leads from the start over the steps in their order to the end', () => {
    expect(arrows(flowOf(steps(`  - a: {${batch}}\n  - b: {${batch}}\n`)))).toEqual([
      '(start) -> a order',
      'a -> b order',
      'b -> (end) order',
    ]);
  });

  it('tells a `next` from the step that follows anyway, and knows an early end', () => {
    const flow = flowOf(
      steps(`  - a: {${batch}, next: c}\n  - b: {${batch}, end: true}\n  - c: {${batch}, next: b}\n`),
    );
    expect(arrows(flow)).toEqual(['(start) -> a order', 'a -> c jump', 'b -> (end) order', 'c -> b jump']);
  });

  it('writes the conditions of a chooser on its arrows, and what happens otherwise', () => {
    const flow = flowOf(
      steps(
        `  - a: {inputs: {q: q.json}, choices: [{if: q.x > 1, next: c}, {if: q.y, next: a}]}\n  - b: {${batch}}\n  - c: {${batch}}\n`,
      ),
    );
    expect(arrows(flow).slice(1, 4)).toEqual([
      'a -> c choice [q.x > 1]',
      'a -> a choice [q.y]',
      'a -> b order [otherwise]',
    ]);
  });

  it('shows where a native state goes on after an error', () => {
    const flow = flowOf(
      steps(
        `  - a: {Type: Task, Resource: 'arn:aws:states:::sns:publish', Catch: [{ErrorEquals: [States.Timeout, X], Next: c}]}\n` +
          `  - b: {${batch}}\n  - c: {${batch}}\n`,
      ),
    );
    expect(arrows(flow)).toContain('a -> c choice [on States.Timeout, X]');
  });

  it('lets nothing follow a failure, and leaves out an end that nothing reaches', () => {
    const flow = flowOf(steps('  - a: {Type: Fail, Error: None}\n'));
    expect(arrows(flow)).toEqual(['(start) -> a order']);
    expect(flow.nodes.map(({ kind }) => kind)).toEqual(['start', 'step']);
  });

  it('puts branches into compartments, with the condition of each', () => {
    const flow = flowOf(
      steps(
        `  - p:\n      inputs: {q: q.json}\n      branches:\n        - if: q.deep\n          steps: [{a: {${batch}}}]\n` +
          `        - steps: [{b: {${batch}}}]\n`,
      ),
    );
    const box = flow.nodes.find((node) => node.kind === 'box');
    expect(box?.compartments.map(({ label }) => label)).toEqual(['q.deep', 'always']);
    expect(box?.compartments.map((compartment) => arrows(compartment.flow))).toEqual([
      ['(start) -> a order', 'a -> (end) order'],
      ['(start) -> b order', 'b -> (end) order'],
    ]);
  });

  it('says of each step what it is about', () => {
    const notes = new Map(
      flowOf(sixtySteps()).nodes.map((node) => ('name' in node ? [node.name, node.note] : ['', ''])),
    );
    expect(notes.get('fetch_reads')).toBe('transfer:1.2.0');
    expect(notes.get('lanes')).toBe('for each sample × lane');
    expect(notes.get('deliver')).toBe('runs deliver-to-clinic');
    expect(notes.get('ask_laboratory')).toBe('Wait 3600 s');
  });
});
