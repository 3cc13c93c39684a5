import { execFile } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'vitest';
import { bclawProgram, startTestEngine, type TestEngine, until, venv } from '../engine.js';
import { noteTyped } from './citations.js';
import { type Release, template } from './workflow.js';

const run = promisify(execFile);

const launcherBucket = 'bayerclaw2-launcher-123456789012';

/** An execution in the output of `aws stepfunctions list-executions`. */
export interface Execution {
  readonly executionArn: string;
  readonly name: string;
  readonly status: string;
}

/** A person who follows the seed with only the AWS CLI. */
export class Reader {
  readonly engine: TestEngine;

  private constructor(engine: TestEngine) {
    this.engine = engine;
  }

  /** Connects to a running engine with a bucket of data. */
  static async start(): Promise<Reader> {
    const reader = new Reader(await startTestEngine());
    await writeFile(join(reader.engine.folder, 'reads.txt'), 'ACGT\nTTGA\nCCCC\n');
    await reader.type('aws s3 mb s3://my-data');
    await reader.type('aws s3 cp reads.txt s3://my-data/reads/reads.txt');
    return reader;
  }

  /** Types a command into a shell; returns its output. */
  async type(command: string): Promise<string> {
    noteTyped(command);
    const { folder, env } = this.engine;
    const path = `${venv}${delimiter}${env['PATH']}`;
    const typed = run('bash', ['-euo', 'pipefail', '-c', command], { cwd: folder, env: { ...env, PATH: path } });
    return (await typed).stdout;
  }

  /** The parsed output of a command with `--output json`. */
  async ask<T>(command: string): Promise<T> {
    return JSON.parse(await this.type(`${command} --output json`));
  }

  /** Types `bclaw …`; returns its exit code and all of its output. */
  async bclaw(...words: readonly string[]): Promise<{ readonly code: number | null; readonly output: string }> {
    const { folder, env } = this.engine;
    return await new Promise((resolve) => {
      const child = execFile(process.execPath, [bclawProgram, ...words], { cwd: folder, env }, (_, stdout, stderr) =>
        resolve({ code: child.exitCode, output: `${stdout}${stderr}` }),
      );
    });
  }

  /** Deploys with `bclaw`, where the seed does not give a command: the AWS CLI polls only every half minute. */
  async deployWithBclaw(workflow: string, release: Release, ...words: readonly string[]): Promise<void> {
    await this.write(release);
    const { code, output } = await this.bclaw('deploy', 'workflow.yaml', '--name', workflow, ...words);
    if (code !== 0) throw new Error(output);
  }

  /** Writes a release's template into the folder. */
  async write(release: Release): Promise<void> {
    await writeFile(join(this.engine.folder, 'workflow.yaml'), template(release));
  }

  /** Deploys with the seed's command, with the image's tag as a parameter. */
  async deploy(workflow: string, release: Release, tag: string): Promise<void> {
    await this.write(release);
    await this.type(
      `aws cloudformation deploy --parameter-overrides ImageTag=${tag} --stack-name ${workflow} --template-file workflow.yaml --capabilities CAPABILITY_IAM CAPABILITY_AUTO_EXPAND`,
    );
  }

  /** Adds a job data file to the workflow's folder in the launcher bucket. */
  async submit(workflow: string, sample: string, hold = ''): Promise<void> {
    await this.putJobFile(`${workflow}/${sample}.json`, sample, hold);
  }

  async putJobFile(key: string, sample: string, hold = ''): Promise<void> {
    await writeFile(join(this.engine.folder, 'job.json'), JSON.stringify({ SAMPLE_ID: sample, HOLD: hold }));
    await this.type(`aws s3 cp job.json s3://${launcherBucket}/${key}`);
  }

  /** Creates a file; a job waits until it is removed. */
  async hold(): Promise<string> {
    const path = join(this.engine.folder, 'hold');
    await writeFile(path, '');
    return path;
  }

  async release(hold: string): Promise<void> {
    await rm(hold);
  }

  /** Names of the workflow's state machines, in order. */
  async stateMachines(workflow: string): Promise<string[]> {
    const names = await this.ask<string[]>('aws stepfunctions list-state-machines --query stateMachines[].name');
    return names.filter((name) => name === workflow || name.startsWith(`${workflow}--`)).sort();
  }

  async executions(stateMachine: string): Promise<Execution[]> {
    return await this.ask(
      `aws stepfunctions list-executions --state-machine-arn ${stateMachineArn(stateMachine)} --query executions`,
    );
  }

  /** Waits until a state machine has an execution of a sample. */
  async started(stateMachine: string, sample: string): Promise<Execution> {
    return await this.#execution(stateMachine, sample, () => true);
  }

  /** Waits until it has ended, with any status. */
  async ended(stateMachine: string, sample: string): Promise<Execution> {
    return await this.#execution(stateMachine, sample, ({ status }) => status !== 'RUNNING');
  }

  async #execution(stateMachine: string, sample: string, wanted: (found: Execution) => boolean): Promise<Execution> {
    const found = await until(
      async () => (await this.executions(stateMachine)).filter(({ name }) => name.startsWith(`${sample}_`)),
      ([execution]) => execution !== undefined && wanted(execution),
    );
    expect(found).toHaveLength(1);
    return found[0] ?? Promise.reject(new Error(sample));
  }

  /** The result file in a job's repository. */
  async result(sample: string): Promise<string> {
    return (await this.type(`aws s3 cp s3://my-data/repo/${sample}/result.txt -`)).trim();
  }

  /** The job definitions of an execution's jobs, in order. */
  async usedJobDefinitions(execution: Execution): Promise<string[]> {
    const parameters = await this.ask<string[]>(
      `aws stepfunctions get-execution-history --execution-arn ${execution.executionArn} --query 'events[?taskScheduledEventDetails.resourceType==\`batch\`].taskScheduledEventDetails.parameters'`,
    );
    return parameters.map((text) => JSON.parse(text).JobDefinition.replace(/^.*job-definition\/|:\d+$/g, ''));
  }

  /** Active job definitions of a workflow: name → image of the user's step. */
  async jobDefinitions(workflow: string): Promise<Record<string, string>> {
    const definitions = await this.ask<{ name: string; step: string }[]>(
      "aws batch describe-job-definitions --status ACTIVE --query 'jobDefinitions[].{name: jobDefinitionName, step: parameters.step}'",
    );
    const own = definitions.filter(({ name }) => name.startsWith(`${workflow}-`));
    return Object.fromEntries(own.map(({ name, step }) => [name, JSON.parse(step).image]));
  }

  /** The version of the alias `live`. */
  async live(workflow: string): Promise<number> {
    return Number(
      await this.ask(`aws lambda get-alias --function-name ${workflow}-launcher --name live --query FunctionVersion`),
    );
  }
}

export const stateMachineArn = (name: string): string => `arn:aws:states:us-east-1:123456789012:stateMachine:${name}`;
