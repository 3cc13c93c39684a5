import { promote, prune, rollback } from '@bclaw/ops';
import { sentence } from '../commands/deploy.js';
import { pruneLines } from '../commands/prune.js';
import { versionsTable } from '../commands/versions.js';
import { table } from '../table.js';
import type { Claims } from './claims.js';
import type { Example } from './example.js';
import { type Job, type Laboratory, workflow } from './laboratory.js';
import type { Narrator } from './narrator.js';
import { countsEveryWindow, isSpared, nothingLeftOf, oneExecutionEach, ranOn, ranThroughDeployment } from './proofs.js';

/** Bases of NC_001416. */
const genomeLength = 48_502;

const v1 = { version: 1, windowSize: 1000, extremes: true } as const;
const v2 = { version: 2, windowSize: 500, extremes: false } as const;

/** A table of tab-separated values, formatted for a person. */
const columns = (heading: readonly string[], tsv: string): string =>
  table(
    heading,
    tsv
      .trimEnd()
      .split('\n')
      .map((line) => line.split('\t')),
  );

/** The blue/green story, chapter by chapter, with a claim for each of its statements. */
export async function tellStory(lab: Laboratory, example: Example, narrator: Narrator, claims: Claims): Promise<void> {
  const { coarse, fine } = example.jobs;
  const showVersions = async () => {
    narrator.command(`bclaw versions ${workflow}`);
    narrator.result(versionsTable(await lab.versions(), narrator.style));
  };
  const runJob = async (run: string): Promise<Job> => {
    narrator.command(`bclaw submit ${workflow} ${run}.json --watch`);
    const job = await lab.submit({ ...coarse, run });
    await lab.finish(job, (step) => narrator.waiting(`${run}: ${step}`));
    narrator.waited();
    const { execution } = await lab.facts(job);
    narrator.result(`${execution.name}  ${execution.status}  version ${execution.version}`);
    return job;
  };
  const showSummary = async (job: Job) => {
    narrator.result('');
    narrator.result(`results/${job.run}/summary.tsv`);
    narrator.result((await lab.output(job, 'summary.tsv')).trimEnd().replaceAll('\t', ' = ').replaceAll('\n', ', '));
  };

  narrator.chapter(
    'Deploy version 1',
    'The workflow cuts the genome of phage lambda (48,502 bases) into windows of 1,000 bases, measures the GC content of ' +
      'each, lists the extremes and writes a summary. One template becomes a launcher function, a state machine and a job ' +
      'definition for each step.',
  );
  narrator.command(`aws s3 cp NC_001416.fa ${await lab.uploadGenome()}`);
  narrator.command(`bclaw deploy workflow.yaml --name ${workflow}`);
  narrator.result(sentence(await lab.deploy(example.workflow)));
  const first = await runJob('first');
  await showSummary(first);
  claims.make('The first job ran on version 1', ranOn(lab, first, v1));

  narrator.chapter(
    'Deploy version 2 while a job runs',
    'A job with a window at every single base is at work on version 1. Version 2 halves the windows and drops the step ' +
      '`extremes`. Nobody waits and nobody is interrupted: the running job stays on version 1, new jobs go to version 2.',
  );
  narrator.command(`bclaw submit ${workflow} fine.json`);
  const slow = await lab.submit(fine);
  await lab.reach(slow, 'composition');
  narrator.result(`${(await lab.execution(slow.executionArn)).name}  RUNNING  step composition`);
  narrator.command(`bclaw deploy workflow-v2.yaml --name ${workflow}`);
  narrator.result(sentence(await lab.deploy(example.workflowV2)));
  await showVersions();
  narrator.command(`bclaw prune ${workflow} --keep 1 --dry-run`);
  narrator.result(pruneLines(await prune(lab.clients, { workflow, keep: 1, dryRun: true })).join('\n'));
  claims.make('Prune spared version 1 while a job ran on it', isSpared(lab, 1, 'running'));
  // Must be now, because the job ends.
  await claims.judge();
  const second = await runJob('second');
  await showSummary(second);
  narrator.waiting('the job on version 1 goes on');
  await lab.finish(slow);
  narrator.waited();
  narrator.command(`bclaw status ${(await lab.execution(slow.executionArn)).name}`);
  narrator.result(`${(await lab.execution(slow.executionArn)).status} on version 1`);
  await showSummary(slow);
  claims.make('A new job went to version 2 at once', ranOn(lab, second, v2));
  claims.make('The running job finished on version 1', ranOn(lab, slow, v1));
  claims.make('It ran through the deployment of version 2', ranThroughDeployment(lab, slow, 2));
  claims.make('It missed no window', countsEveryWindow(lab, slow, genomeLength - v1.windowSize + 1));

  narrator.chapter(
    'Roll back',
    'Say version 2 is bad and it is 2 a.m. A rollback moves the alias `live` of the launcher function, nothing is built. ' +
      'Version 1 still has its job definitions, the one of the step that version 2 dropped included.',
  );
  narrator.command(`bclaw rollback ${workflow}`);
  const back = await rollback(lab.clients, { workflow });
  narrator.result(`${workflow}: version ${back.to} is live; until now it was version ${back.from}.`);
  await showVersions();
  const third = await runJob('third');
  await showSummary(third);
  narrator.result('');
  narrator.result('results/third/extremes.tsv');
  narrator.result(columns(['START', 'END', 'GC', 'SKEW', 'WORDS'], await lab.output(third, 'extremes.tsv')));
  claims.make('After the rollback a job ran on version 1, the dropped step included', ranOn(lab, third, v1));

  narrator.chapter(
    'Go forward again, and clean up',
    'Version 2 was fine after all. Old versions pile up, so prune deletes what nobody needs: never a version that is live, ' +
      'was deployed last, or has running jobs.',
  );
  narrator.command(`bclaw promote ${workflow} --to 2`);
  const forward = await promote(lab.clients, { workflow, to: 2 });
  narrator.result(`${workflow}: version ${forward.to} is live; until now it was version ${forward.from}.`);
  claims.make('Each job file became exactly one execution', oneExecutionEach(lab, [first, slow, second, third]));
  // The prune deletes version 1's executions too.
  await claims.judge();

  narrator.command(`bclaw prune ${workflow} --keep 1 --yes`);
  narrator.result(pruneLines(await prune(lab.clients, { workflow, keep: 1 })).join('\n'));
  await showVersions();
  const last = await runJob('last');
  claims.make('The prune left nothing of version 1', nothingLeftOf(lab, 1));
  claims.make('Version 2 works on after the prune', ranOn(lab, last, v2));
  await claims.judge();
}
