import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** The example that the demo runs, packed with the command. */
export interface Example {
  /** Templates of versions 1 and 2. */
  readonly workflow: string;
  readonly workflowV2: string;
  readonly genomePath: string;
  readonly jobs: { readonly coarse: JobData; readonly fine: JobData };
}

export interface JobData {
  /** Determines the job's results folder. */
  readonly run: string;
  /** `s3://…` */
  readonly genome: string;
  /** Bases from the start of one window to the next. */
  readonly slide: number;
}

const require = createRequire(import.meta.url);

export async function readExample(): Promise<Example> {
  const folder = join(dirname(require.resolve('@bclaw/cli/package.json')), 'dist', 'examples', 'phage-gc');
  const text = (name: string) => readFile(join(folder, name), 'utf8');
  return {
    workflow: await text('workflow.yaml'),
    workflowV2: await text('workflow-v2.yaml'),
    genomePath: join(folder, 'data', 'NC_001416.fa'),
    jobs: { coarse: JSON.parse(await text('jobs/coarse.json')), fine: JSON.parse(await text('jobs/fine.json')) },
  };
}
