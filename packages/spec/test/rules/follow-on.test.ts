import { parse } from '@bclaw/spec';
import { describe, expect, it } from 'vitest';
import { template } from '../template.js';

const mistakes = (steps: string, head = '') =>
  parse(template(steps, head)).diagnostics.map(({ code, message }) => `${code}: ${message}`);
const done = '  - done: {Type: Succeed}\n';

/** Consequences of a mistake in the rest of the template are not reported as further mistakes: found by fuzzing. */
describe('one mistake is told once', () => {
  it.each([
    ['  - s: {scatter: {a: [1]}}\n', 'missing-field: `steps` is missing.'],
    ['  - s: {scatter: {a: [1]}, stepss: []}\n', 'unknown-field: There is no field `stepss` here.'],
    ['  - p: {branches: [{if: job.x}]}\n', 'missing-field: `steps` is missing.'],
    ['  - s: {Type: Parallel, Branches: [{step: []}]}\n', 'unknown-field: There is no field `step` here.'],
    [
      '  - s: {Type: Paralel, Branches: [{steps: [{a: {Type: Pass}}]}]}\n',
      'wrong-type: `Type` must be one of Pass, Task, Wait, Succeed, Fail, Parallel, not "Paralel".',
    ],
  ])('in a broken block: %s', (steps, mistake) => {
    expect(mistakes(steps)).toEqual([mistake]);
  });

  it('when the choices of a chooser are broken', () => {
    expect(mistakes(`  - c: {choices: []}\n${done}`)).toEqual([
      'wrong-type: `choices` must be a list of maps of if and next, not an empty list.',
    ]);
    expect(mistakes(`  - c: {choices: [{if: 3, next: done}, {if: job.x, next: nope}]}\n${done}`)).toEqual([
      'wrong-type: `if` must be a condition, not 3.',
      'unknown-next: There is no step `nope` in this block.',
    ]);
  });

  it('when the inputs of a chooser are misspelt: its conditions may name them', () => {
    expect(mistakes(`  - c: {inptus: {qc: q.json}, choices: [{if: reads > 1, next: done}]}\n${done}`)).toEqual([
      'unknown-field: There is no field `inptus` here.',
    ]);
  });

  it('when a step has no kind: what is replaced in its fields is not known', () => {
    expect(mistakes('  - a: {comands: "echo ${job.x} ${scatter.y}"}\n')).toEqual([
      'unknown-field: There is no field `comands` here.',
    ]);
  });

  it('when a field is misspelt: what is replaced in it is not known', () => {
    expect(mistakes('  - a: {commands: x, inputs: {}, outptus: {o: "${job.x}"}}\n')).toEqual([
      'unknown-field: There is no field `outptus` here.',
    ]);
  });

  it('when the kind of a native step is misspelt: its other fields are native ones', () => {
    expect(mistakes('  - p: {Typ: Parallel, Branches: [{steps: [{a: {Type: Pass}}]}]}\n')).toEqual([
      'step-kind: The step `p` is of no kind that bclaw knows.',
    ]);
    expect(mistakes('  - p: {kind: Parallel, Branches: [{steps: [{a: {Type: Pass}}]}]}\n')).toEqual([
      'unknown-field: There is no field `kind` here.',
    ]);
  });

  it('when a part of a field is broken: the other fields are what they are', () => {
    expect(mistakes('  - a: {inputs: {}, commands: "echo ${job.x}", outputs: {o: {dest: "s3://abc/"}}}\n')).toEqual([
      'missing-field: `name` is missing.',
    ]);
  });

  it('when a scatter names nothing that can be read', () => {
    expect(mistakes('  - s: {scatter: 3, steps: [{a: {inputs: {}, commands: "${scatter.b}"}}]}\n')).toEqual([
      'wrong-type: `scatter` must be a map, name: source of items, not 3.',
    ]);
  });

  it('when the declaration of a parameter is broken: it is declared', () => {
    const uses = '  - a: {inputs: {}, image: "x:${Tag}", commands: x, compute: {cpus: "${Cpus}"}}\n';
    expect(
      mistakes(uses, 'Options: {pin_images: true}\nParameters: {Tag: {Typ: String}, Cpus: {Default: [2]}}\n'),
    ).toEqual([
      'unknown-field: There is no field `Typ` here.',
      'missing-field: `Type` is missing.',
      expect.stringContaining('wrong-type: `Default` must be a text or a number'),
    ]);
  });
});
