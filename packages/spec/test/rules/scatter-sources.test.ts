import { describe, expect, it } from 'vitest';
import { findingsIn } from '../template.js';

const block = (used: string) => `steps:\n  - x: {inputs: {}, commands: 'echo ${used}', outputs: {o: o.txt}}`;
const scatter = (sources: string, used = '${scatter.a} ${scatter.b}') =>
  findingsIn(`scatter: ${sources}\ninputs: {}\n${block(used)}`);

describe('sources of a scatter', () => {
  it('may be zipped, filtered, grouped and written inline', () => {
    expect(scatter('{zip: {a: [1, 2], b: "${job.b}"}}')).toEqual([]);
    expect(scatter('{a: {from: "@s.csv:$[*]", where: row.n > job.n, group_by: k}, b: [{k: 1}]}')).toEqual([]);
    expect(scatter('[{a: [1, 2]}, {zip: {b: "*.txt", c: "@c"}}]', '${scatter.a} ${scatter.b} ${scatter.c.d}')).toEqual(
      [],
    );
  });

  it('are wrong where they are', () => {
    expect(scatter('{zip: {a: [1, 2]}, b: [1, 2]}')).toEqual(['5:22 error wrong-type']);
    expect(scatter('{zip: {a: [1, 2], b: 5}}')).toEqual(['5:37 error wrong-type']);
    expect(scatter('{a: {form: "@x"}, b: [1, 2]}')).toEqual(['5:17 error wrong-type']);
    expect(scatter('{a: {from: "@x", grup_by: k}, b: [1, 2]}')).toEqual(['5:33 error unknown-field']);
    expect(scatter('{a: {from: "@x:$[", where: "rows"}, b: [1, 2]}')).toEqual([
      '5:27 error bad-selector',
      '5:44 error unknown-name',
    ]);
    expect(scatter('{a: {from: "@x", where: "row =="}, b: {group_by: k}}')).toEqual([
      '5:47 error bad-expression',
      '5:51 error missing-field',
    ]);
    expect(scatter('{zip: {a: [1, 2], b: [1, 2]}, a: [1, 2]}')).toEqual(['5:46 error duplicate-key']);
  });

  it('that are zipped are values like the others', () => {
    expect(scatter('{zip: {a: [1, 2], b: [1, 2]}}', '${scatter.a} ${scatter.c}')).toEqual([
      '5:34 warning unused-scatter-value',
      '8:56 error unknown-name',
    ]);
  });
});
