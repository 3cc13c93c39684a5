import { describe, expect, it } from 'vitest';
import { findings, findingsIn, template } from '../template.js';

const batch = (name: string) => `  - ${name}: {inputs: {}, commands: x}\n`;

describe('names in conditions', () => {
  const chooser = (condition: string) =>
    findings(template(`  - c: {choices: [{if: '${condition}', next: z}]}\n${batch('z')}`));

  it('that no data hold: of functions, of methods, and what other languages call True and None', () => {
    expect(chooser('lenght(job.x) > 3')).toEqual(['4:25 error bad-expression']);
    expect(chooser('job.x.append(1)')).toEqual(['4:31 error bad-expression']);
    expect(chooser('job.x == true')).toEqual(['4:34 error unknown-name']);
    expect(chooser('"${job.x}" == "rna"')).toEqual(['4:26 error bad-expression']);
    expect(findingsIn('inputs: {}\ncommands: x\nqc_check: {qc_result_file: q, stop_early_if: ok == false}')).toEqual([
      '7:58 error unknown-name',
    ]);
  });

  it('of a scatter, as in `${…}`', () => {
    expect(chooser('scatter.lane == 1')).toEqual(['4:25 error unknown-name']);
    const inside = (condition: string) =>
      findingsIn(
        `scatter: {lane: [1]}\ninputs: {design: d.json}\nsteps:\n  - c: {choices: [{if: '${condition}', next: z}]}\n  - z: {inputs: {}, commands: x}`,
      );
    expect(inside('scatter.lane == 1 and parent["design"] != "" and scatter.get("x")')).toEqual([]);
    expect(inside('scatter.lame == 1 or parent.desing')).toEqual([
      '8:31 error unknown-name',
      '8:52 error unknown-name',
    ]);
  });
});
