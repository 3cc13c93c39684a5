import { describe, expect, it } from 'vitest';
import { followers, namedTargets, nestedBlocks, reachable, reachableFrom, stepsBefore } from '../src/flow.js';
import { normaliseWorkflow } from '../src/normalise/workflow.js';
import { Report } from '../src/report.js';
import { allSteps } from '../src/rules/rule.js';
import { readYaml } from '../src/syntax/yaml.js';
import { validTemplates } from './fuzz/corpus.js';
import { template, workflowOf } from './template.js';

const stepsOf = (steps: string) => workflowOf(template(steps)).steps;

const block = stepsOf(`
- which: {choices: [{if: job.a, next: mend}, {if: job.b, next: done}]}
- try:
    Type: Task
    Resource: arn:aws:states:::sns:publish
    Catch: [{ErrorEquals: [States.ALL], Next: mend}]
    next: done
- mend: {commands: x, inputs: {}, next: which}
- done: {Type: Succeed}
- never: {commands: x, inputs: {}, end: true}
`);

describe('the followers of a step', () => {
  it('are those that it chooses, catches or names, and the one that the order gives', () => {
    expect(block.map(followers)).toEqual([['mend', 'done', 'try'], ['mend', 'done'], ['which'], [], []]);
  });

  it('are those that its template names, and the one that the order gives, in every template', () => {
    for (const text of validTemplates) {
      const normalised = normaliseWorkflow(readYaml(text).value, {}, new Report());
      for (const step of normalised === undefined ? [] : allSteps(normalised.workflow)) {
        const named = namedTargets(step, normalised?.sourceOf(step) ?? {}).map(({ name }) => name);
        expect(new Set(followers(step))).toEqual(new Set(step.next === undefined ? named : [...named, step.next]));
      }
    }
  });
});

describe('what can be reached', () => {
  it('in a block is every step that a path from the first one leads to, through circles, too', () => {
    expect([...reachable(block)]).toEqual(['which', 'mend', 'done', 'try']);
    expect(reachable([]).size).toBe(0);
  });

  it('comes depth first, each once, without what there is not', () => {
    const next: Readonly<Record<string, readonly string[]>> = { a: ['b', 'gone', 'c'], b: ['d'], c: ['a'], d: [] };
    expect([...reachableFrom(['a', 'd'], (name) => next[name])]).toEqual(['a', 'b', 'd', 'c']);
  });
});

describe('the steps before a step', () => {
  const before = (steps: string) =>
    Object.fromEntries(
      [...stepsBefore(stepsOf(steps))].map(([name, found]) => [name, [...found].map((step) => step.name).sort()]),
    );

  it('are those whose outputs it finds, over every way, past those that only hand them on', () => {
    expect(
      before(`
- one: {commands: x, inputs: {}}
- which: {choices: [{if: job.a, next: two}]}
- wait: {Type: Pass, next: last}
- two: {commands: x, inputs: {}}
- last: {commands: x}
- never: {commands: x, end: true}
`),
    ).toEqual({ one: [], which: ['one'], wait: ['one'], two: ['one'], last: ['one', 'two'], never: ['last'] });
  });

  it('are those of every round of a circle', () => {
    expect(
      before(`
- again: {Type: Pass}
- one: {commands: x, inputs: {}}
- which: {choices: [{if: job.a, next: again}]}
- call: {subpipe: other}
- last: {commands: x}
`),
    ).toEqual({ again: ['one'], one: ['one'], which: ['one'], call: ['one'], last: ['call'] });
  });
});

describe('nested blocks', () => {
  it('are those of scatters, branches and Parallels', () => {
    const names = stepsOf(`
- each: {scatter: {x: [1]}, steps: [{in: {commands: x, inputs: {}}}]}
- some: {branches: [{steps: [{left: {Type: Pass}}]}, {if: job.a, steps: [{right: {Type: Pass}}]}]}
- both: {Type: Parallel, Branches: [{steps: [{one: {Type: Pass}}]}, {steps: [{other: {Type: Pass}}]}]}
- last: {commands: x}
`).map((step) => nestedBlocks(step).map((nested) => nested.map(({ name }) => name)));
    expect(names).toEqual([[['in']], [['left'], ['right']], [['one'], ['other']], []]);
  });
});
