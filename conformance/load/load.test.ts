import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signed } from '../../packages/local/test/signed.js';
import { startTestEngine, type TestEngine } from '../engine.js';
import { beginnings, type Execution, jobOf, versionOf, versionsLeft } from './evidence.js';
import { figures } from './figures.js';
import { LiveHistory } from './live-history.js';
import { type LoadRun, patientJob, runLoad } from './scenario.js';
import { dataBucket, type JobData, workflow } from './workflow.js';

/** `npm run test:soak` uploads 2,000. */
const jobFiles = Number(process.env['BCLAW_LOAD_JOBS'] ?? 400);
const tenth = Math.ceil(jobFiles / 10);

const jobs: readonly JobData[] = Array.from({ length: jobFiles }, (_, index) => ({
  id: `job${String(index).padStart(4, '0')}`,
  rare: index % tenth === Math.floor(tenth / 2),
  hold: '',
}));

describe(`${jobFiles} job files in a minute, while five deployments, three rollbacks and two prunes happen`, () => {
  let engine: TestEngine;
  let run: LoadRun;
  let history: LiveHistory;
  let executions: readonly Execution[];

  beforeAll(async () => {
    engine = await startTestEngine();
    run = await runLoad(engine, jobs, 56_000);
    // The job that was started first is not part of the load.
    history = new LiveHistory(3, run.actions);
    executions = [...run.executions.values()];
    const load = run.uploads.filter(({ job }) => job.id !== patientJob);
    const loaded = executions.filter((execution) => jobOf(execution) !== patientJob);
    console.log(JSON.stringify(figures(load, loaded, run.actions, history), null, 2));
  }, 600_000);
  afterAll(() => engine?.stop());

  it('loses none and doubles none: each job file is one execution', async () => {
    const ids = run.uploads.map(({ job }) => job.id).sort();
    expect(executions.map(jobOf).sort()).toEqual(ids);
    expect([...run.recorded].sort()).toEqual([...run.executions.keys()].sort());
    // From S3, including deleted versions: each job was started once.
    const begun = await beginnings(engine);
    expect([...begun.keys()].sort()).toEqual(ids);
    expect([...begun].filter(([, times]) => times !== 1)).toEqual([]);
  });

  it('fails none, and leaves no dead letters', async () => {
    expect(executions.filter(({ status }) => status !== 'SUCCEEDED')).toEqual([]);
    expect(JSON.parse(await engine.bclaw('dead-letters', workflow, '--json'))).toEqual([]);
  });

  it('runs each on a version that was live between its event and its start', () => {
    const byJob = new Map(executions.map((execution) => [jobOf(execution), execution]));
    const load = run.uploads.filter(({ job }) => job.id !== patientJob);
    const strayed = load.filter(({ job, from }) => {
      const execution = byJob.get(job.id);
      if (execution === undefined) return true;
      return !history.within(from, execution.started).has(versionOf(execution));
    });
    expect(strayed).toEqual([]);
    // Many versions got jobs, so this check is meaningful.
    expect(new Set(executions.map(versionOf)).size).toBeGreaterThan(4);
    const lastUpload = Math.max(...load.map(({ from }) => from));
    expect(run.actions.filter(({ to }) => to > lastUpload)).toEqual([]);
  });

  it('runs each with the definition of its own version, the one that was held from before the first deployment, too', async () => {
    const byJob = new Map(executions.map((execution) => [jobOf(execution), versionOf(execution)]));
    const told = await Promise.all(
      run.uploads
        .filter(({ job }) => job.rare)
        .map(async ({ job }) => {
          const result = await fetch(`${engine.url}/${dataBucket}/${job.id}/result.txt`, { headers: signed('s3') });
          return [job.id, (await result.text()).trim()];
        }),
    );
    const expected = told.map(([id = '']) => [id, `release ${byJob.get(id)}, version ${byJob.get(id)}`]);
    expect(told).toEqual(expected);
    expect(told).toContainEqual([patientJob, 'release 1, version 1']);
    expect(told).toHaveLength(11);
  });

  it('leaves live on a complete version, and nothing of those that were pruned', async () => {
    const table = JSON.parse(await engine.bclaw('versions', workflow, '--json'));
    const rows: { version: number; live: boolean; healthy: boolean; runningExecutions: number }[] = table.versions;
    expect(rows.filter(({ live }) => live)).toMatchObject([{ version: 8, healthy: true }]);
    expect(rows.filter(({ healthy, runningExecutions }) => !healthy || runningExecutions > 0)).toEqual([]);
    const left = rows.map(({ version }) => version).sort();
    const pruned = run.actions.flatMap((action) => action.pruned);
    expect([...left, ...pruned].sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    // No job ran on 2; the held job ran on 1.
    expect(pruned).toContain(2);
    expect(left).toContain(1);
    expect(await versionsLeft(engine)).toEqual(left);
    const definitions = await engine.aws(
      ...['batch', 'describe-job-definitions', '--status', 'ACTIVE', '--query', 'jobDefinitions[].jobDefinitionName'],
    );
    const names: string[] = JSON.parse(definitions);
    const own = names.filter((name) => name.startsWith(`${workflow}-`)).sort();
    expect(own).toEqual(left.map((version) => `${workflow}-rare${version}--${version}`));
  });
});
