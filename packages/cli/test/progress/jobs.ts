import type { BranchCounts, JobStatus, StepReport } from '@bclaw/ops';

/** A time in seconds after the jobs of these tests have begun. */
export const at = (seconds: number) => new Date(seconds * 1_000);

export const step = (name: string, status: StepReport['status'], more: Partial<StepReport> = {}): StepReport => ({
  name,
  status,
  startedAt: at(0),
  ...(status === 'running' ? {} : { stoppedAt: at(1) }),
  retries: 0,
  jobIds: [],
  ...more,
});

export const counts = (total: number, some: Partial<BranchCounts>): BranchCounts => {
  const given = { waiting: 0, running: 0, succeeded: 0, failed: 0, aborted: 0, ...some };
  const { running, succeeded, failed, aborted } = given;
  return { ...given, total, waiting: total - running - succeeded - failed - aborted };
};

export const job = (name: string, steps: readonly StepReport[], more: Partial<JobStatus> = {}): JobStatus => ({
  arn: `arn:aws:states:us-east-1:123456789012:execution:wf--2:${name}`,
  name,
  workflow: 'wf',
  version: 2,
  status: 'RUNNING',
  startedAt: at(0),
  input: '{}',
  steps,
  ...more,
});
