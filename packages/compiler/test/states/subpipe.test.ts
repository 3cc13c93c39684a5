import type { SubpipeStep } from '@bclaw/spec';
import { describe, expect, it } from 'vitest';
import { compiled } from '../compiled.js';
import { batchStep, workflow } from '../workflows.js';

const call: SubpipeStep = {
  kind: 'subpipe',
  name: 'call',
  path: [],
  subpipe: 'variant-calling',
  jobData: 'calling.json',
  submit: [],
  retrieve: [{ from: 'calls.vcf', to: 'variants/calls.vcf' }],
};
const states = (step: SubpipeStep) => compiled(workflow([step, batchStep('report')])).definition.States;

describe('the states of a subpipe step', () => {
  it('prepare the sub-repository, run the other workflow, and fetch its files', () => {
    const { Initialize: _, report: __, ...own } = states(call);
    expect(own).toMatchSnapshot();
  });

  it('fetch nothing where nothing is to be retrieved', () => {
    expect(Object.keys(states({ ...call, retrieve: [] }))).toEqual(['Initialize', 'call', 'call.subpipe', 'report']);
    expect(states({ ...call, retrieve: [] })['call.subpipe']).toMatchObject({ Next: 'report' });
  });

  it('copy what is submitted into the sub-repository before the other workflow starts', () => {
    const own = states({ ...call, submit: [{ from: 'a.txt', to: 'b.txt' }] });
    expect(own['call']).toMatchObject({ Next: 'call.submit' });
    expect(own['call.submit']).toMatchObject({
      Next: 'call.subpipe',
      ResultPath: null,
      Parameters: {
        Payload: {
          'source.$': '$.repo',
          'target.$': '$.subpipe.input.repo',
          retrieve: [{ from: 'a.txt', to: 'b.txt' }],
        },
      },
    });
  });

  it("send no job data where this job's are meant", () => {
    const { jobData: _, ...plain } = call;
    expect(states(plain)['call']).not.toHaveProperty('Parameters.Payload.job_data');
  });

  it('retry a start that is refused for now, and not a workflow that fails', () => {
    const names = JSON.stringify(states(call)['call.subpipe']);
    expect(names).toContain('StepFunctions.ExecutionLimitExceeded');
    expect(names).not.toContain('States.TaskFailed');
    expect(names).not.toContain('States.ALL');
  });
});
