import { findResources, type KeptBecause, listExecutions, prune } from '@bclaw/ops';
import type { Proof } from './claims.js';
import { type Job, type JobFacts, type Laboratory, workflow } from './laboratory.js';

/** Proves the version that a job ran on, by its state machine and by its own results. */
export function ranOn(
  lab: Laboratory,
  job: Job,
  expected: { version: number; windowSize: number; extremes: boolean },
): Proof {
  return async () => {
    const facts = await lab.facts(job);
    const holds =
      facts.execution.status === 'SUCCEEDED' &&
      facts.execution.version === expected.version &&
      facts.summary['workflow_version'] === String(expected.version) &&
      facts.summary['window_size'] === String(expected.windowSize) &&
      facts.steps.includes('extremes') === expected.extremes &&
      facts.hasExtremes === expected.extremes;
    return { holds, evidence: describe(facts) };
  };
}

function describe({ execution, summary, steps, hasExtremes }: JobFacts): string {
  const machine = execution.arn.split(':').at(-2);
  return (
    `${execution.status} on state machine ${machine}; its results say version ${summary['workflow_version']}, ` +
    `windows of ${summary['window_size']}; steps ${steps.join(', ')}; ${hasExtremes ? 'has' : 'no'} extremes.tsv`
  );
}

/** A job began before a version was deployed and ended after. */
export function ranThroughDeployment(lab: Laboratory, job: Job, version: number): Proof {
  return async () => {
    const [{ execution }, deployed] = await Promise.all([lab.facts(job), lab.version(version)]);
    const { startedAt, stoppedAt } = execution;
    if (deployed === undefined || stoppedAt === undefined) return { holds: false, evidence: 'it has not ended' };
    return {
      holds: startedAt < deployed.deployedAt && deployed.deployedAt < stoppedAt && execution.status === 'SUCCEEDED',
      evidence: `began ${clock(startedAt)}, version ${version} deployed ${clock(deployed.deployedAt)}, ended ${clock(stoppedAt)}`,
    };
  };
}

/** The number of windows for the genome's length, the window size and the slide. */
export function countsEveryWindow(lab: Laboratory, job: Job, expected: number): Proof {
  return async () => {
    const { summary } = await lab.facts(job);
    return {
      holds: summary['windows'] === String(expected),
      evidence: `${summary['windows']} windows, ${expected} expected`,
    };
  };
}

/** Each job has one execution, and there are no other executions. */
export function oneExecutionEach(lab: Laboratory, jobs: readonly Job[]): Proof {
  return async () => {
    const found = (await listExecutions(lab.clients, { workflow })).map(({ arn }) => arn);
    const expected = jobs.map(({ executionArn }) => executionArn);
    return {
      holds: found.length === expected.length && expected.every((arn) => found.includes(arn)),
      evidence: `${found.length} executions of ${expected.length} job files`,
    };
  };
}

/** A clean-up would keep a version, for this reason. */
export function isSpared(lab: Laboratory, version: number, because: KeptBecause): Proof {
  return async () => {
    const { kept } = await prune(lab.clients, { workflow, keep: 1, dryRun: true });
    const found = kept.find((entry) => entry.version === version);
    return { holds: found?.because === because, evidence: found?.detail ?? 'it would be deleted' };
  };
}

/** No launcher version, state machine or active job definition of a version is left. */
export function nothingLeftOf(lab: Laboratory, version: number): Proof {
  return async () => {
    const { versions } = await findResources(lab.clients, workflow);
    const left = versions.map((resources) => resources.version);
    return { holds: !left.includes(version), evidence: `what is left belongs to version ${left.join(', ')}` };
  };
}

const clock = (time: Date): string => time.toISOString().slice(11, 23);
