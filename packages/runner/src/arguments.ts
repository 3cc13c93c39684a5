import { jobDataName, ownJobData } from '@bclaw/spec/contract';
import {
  BclawError,
  type Carried,
  type JobParameters,
  type JobStep,
  jobParameterNames,
  parseCarriedJobStep,
  parseCarriedValues,
  parseJobParameters,
  parseS3Uri,
  parseTextMap,
  type S3Location,
} from '@bclaw/spec/run-time';

/** Parameters of one run of the runner, from the job's command line. */
export interface JobArguments {
  readonly step: Carried<JobStep>;
  /** The (branch's) repository: its key is the prefix without a trailing slash. */
  readonly repository: S3Location;
  readonly jobData: S3Location;
  /** `main`, or the number of the scatter branch. */
  readonly index: string;
  readonly execution: Execution;
  /** The previous step's outputs, for a step with automatic inputs. */
  readonly previousOutputs: Readonly<Record<string, string>>;
  readonly scatter: Carried<Readonly<Record<string, unknown>>>;
  readonly parent: Carried<Readonly<Record<string, unknown>>>;
}

/** The job's Step Functions execution. */
export interface Execution {
  readonly arn: string;
  readonly name: string;
  readonly partition: string;
  readonly region: string;
  readonly accountId: string;
}

/**
 * Reads the command line of a job: `--step … --repo …`, each parameter of {@link JobParameters} once.
 *
 * @throws BclawError `bad-arguments` or `bad-payload`, naming the invalid parameter
 */
export function parseArguments(argv: readonly string[]): JobArguments {
  const parameters = readParameters(argv);
  const at = locationIn('repo', parameters.repo);
  const repository = { bucket: at.bucket, key: at.key.replace(/\/+$/, '') };
  return {
    step: parseCarriedJobStep(parameters.step),
    repository,
    jobData: parameters.job_data === ownJobData ? jobDataIn(repository) : locationIn('job_data', parameters.job_data),
    index: parameters.index,
    execution: parseExecution(parameters.execution),
    previousOutputs: parseTextMap(parameters.inputs, 'inputs'),
    scatter: parseCarriedValues(parameters.scatter, 'scatter'),
    parent: parseCarriedValues(parameters.parent, 'parent'),
  };
}

function locationIn(name: keyof JobParameters, uri: string): S3Location {
  const location = parseS3Uri(uri);
  if (location === undefined) throw new BclawError('bad-arguments', `--${name} must be an s3:// URI, not "${uri}".`);
  return location;
}

/** Location of the job data that `Initialize` writes. */
function jobDataIn({ bucket, key }: S3Location): S3Location {
  return { bucket, key: key === '' ? jobDataName : `${key}/${jobDataName}` };
}

function readParameters(argv: readonly string[]): JobParameters {
  const found: Record<string, string> = {};
  for (let index = 0; index < argv.length; index += 2) {
    const option = argv[index] ?? '';
    const name = jobParameterNames.find((candidate) => option === `--${candidate}`);
    if (name === undefined)
      throw new BclawError('bad-arguments', `"${option}" is not an argument of the runner.`, {
        hint: `It takes ${jobParameterNames.map((candidate) => `--${candidate}`).join(', ')}, each with a value; bclaw's job definitions name them all.`,
      });
    const value = argv[index + 1];
    if (value === undefined) throw new BclawError('bad-arguments', `--${name} has no value.`);
    if (value === `Ref::${name}`)
      throw new BclawError(
        'bad-arguments',
        `The job parameter "${name}" was not set: Batch left ${value} in the command.`,
        {
          hint: 'Submit the job through its state machine, or give the parameter.',
        },
      );
    found[name] = value;
  }
  return parseJobParameters(found);
}

function parseExecution(arn: string): Execution {
  const [prefix, partition, service, region, accountId, kind, , ...rest] = arn.split(':');
  const name = rest.at(-1);
  if (prefix !== 'arn' || service !== 'states' || kind !== 'execution' || !partition || !region || !accountId || !name)
    throw new BclawError('bad-arguments', `--execution must be the ARN of an execution, not "${arn}".`);
  return { arn, name, partition, region, accountId };
}
