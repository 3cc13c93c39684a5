import type { Diagnostic, Workflow } from '@bclaw/spec';
import { type Sha256, sha256Hex } from './canonical.js';
import { error } from './checks/diagnostic.js';
import { checkLimits } from './checks/limits-of-resources.js';
import { reachableSteps } from './checks/reachable-steps.js';
import { reservedParameterNames } from './checks/reserved-names.js';
import type { Template } from './cloudformation.js';
import type { CoreEnvironment } from './core-environment.js';
import { type Behaviour, compileBehaviour } from './definition.js';
import type { Images } from './jobs/images.js';
import type { Job } from './jobs/job.js';
import type { JobFrame } from './jobs/job-frame.js';
import type { Upload } from './jobs/upload.js';
import { stackTemplate } from './stack/template.js';
import { idSuffixOf } from './stack/version.js';
import type { StateMachineDefinition } from './states-language.js';

export interface CompileOptions {
  /** The values from the core stack. */
  readonly core: CoreEnvironment;
  /** Unique to this deployment: it makes Lambda publish a new version. */
  readonly deploymentId: string;
  readonly bclawVersion: string;
  /**
   * For a workflow with `pin_images`: image of a step as in the model → its name with a digest. `'offline'` = the
   * registries were not queried, and images stay as they are. Absent = only images that are written with a digest have
   * one.
   */
  readonly images?: Images;
  /**
   * Digests large texts; it must return the same result as the default, which is written in JavaScript and runs
   * anywhere. The function of Node.js is ten times as fast: `(text) =>
   * createHash('sha256').update(text).digest('hex')`.
   */
  readonly sha256?: Sha256;
}

/** The compiled workflow, or the errors. Diagnostics of a compiled workflow are warnings. */
export type CompileResult =
  | {
      readonly ok: true;
      readonly template: Template;
      /** The state machine, with `${WorkflowName}` and `${<Step>JobDefinition}` as placeholders for CloudFormation. */
      readonly definition: StateMachineDefinition;
      /** Objects that must exist before the template is deployed. */
      readonly uploads: readonly Upload[];
      /** SHA-256 (hexadecimal) of everything that determines the workflow's behaviour; see {@link definitionDigest}. */
      readonly digest: string;
      readonly diagnostics: readonly Diagnostic[];
    }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/**
 * Compiles a workflow to a CloudFormation template. Pure: equal arguments give equal results, byte for byte, without
 * reading or writing anything.
 *
 * @param source - as `parse` of `@bclaw/spec` returns it
 *
 * @example
 * ```ts
 * const result = compile(workflow, { core, deploymentId: crypto.randomUUID(), bclawVersion: '1.0.0' });
 * if (result.ok) console.log(JSON.stringify(result.template));
 * else for (const diagnostic of result.diagnostics) console.error(diagnostic.message);
 * ```
 */
export function compile(source: Workflow, options: CompileOptions): CompileResult {
  const workflow = withReachableSteps(source);
  const { core, deploymentId, bclawVersion, images = noImages, sha256 = sha256Hex } = options;
  const behaviour = compileBehaviour(workflow, core, images, sha256);
  const digest = digestOf(behaviour, workflow, core, sha256);
  const deployment = { id: deploymentId, bclawVersion, coreStackName: core.coreStackName };
  const { template, uploads } = stackTemplate(workflow, {
    behaviour,
    core,
    digest,
    versioned: workflow.options.versioned,
    idSuffix: workflow.options.versioned ? idSuffixOf(deploymentId, sha256) : '',
    deployment,
  });
  const diagnostics = [
    ...checkRepository(workflow, core),
    ...reservedParameterNames(workflow, template),
    ...behaviour.diagnostics,
    ...checkLimits(workflow, behaviour, template, core),
  ];
  if (diagnostics.some(({ severity }) => severity === 'error')) return { ok: false, diagnostics };
  return { ok: true, template, definition: behaviour.definition, uploads, digest, diagnostics };
}

/**
 * Digest of everything that determines a workflow's behaviour: state machine, job definitions and the values they use
 * from the core stack. It shows if a deployment changes anything, regardless of who compiled it and when.
 *
 * @param images - as in {@link CompileOptions.images}
 * @returns SHA-256 as 64 hexadecimal digits, the launcher's `DEFINITION_DIGEST`
 */
export function definitionDigest(workflow: Workflow, core: CoreEnvironment, images: Images = noImages): string {
  return digestOf(compileBehaviour(withReachableSteps(workflow), core, images, sha256Hex), workflow, core, sha256Hex);
}

const withReachableSteps = (workflow: Workflow): Workflow => ({ ...workflow, steps: reachableSteps(workflow.steps) });

const noImages: Images = new Map();

function digestOf(
  { definitionDigest: definition, jobs }: Behaviour,
  { options }: Workflow,
  core: CoreEnvironment,
  sha256: Sha256,
): string {
  const { launcherBucket, launcherCode, statesRoleArn, statesLogGroupArn, deadLetterQueueArn } = core;
  // All other values of the core stack are in the definition and in the jobs, where they are used.
  const used = [
    launcherBucket,
    launcherCode.bucket,
    launcherCode.key,
    statesRoleArn,
    statesLogGroupArn,
    deadLetterQueueArn,
  ];
  return sha256(JSON.stringify([options.versioned, definition, distinctParts(jobs), used]));
}

/** The jobs, with parts that many of them share written only once. */
function distinctParts(jobs: readonly Job[]) {
  const frames = new Map<JobFrame, number>();
  const numbered = jobs.map(({ frame, stepName, logicalId, namePart, parameters }) => {
    const number = frames.get(frame) ?? frames.size;
    frames.set(frame, number);
    return [stepName, logicalId, namePart, parameters, number];
  });
  return [numbered, [...frames.keys()].map(({ text }) => text)];
}

/** Results in the launcher bucket would start the workflow again. */
function checkRepository(workflow: Workflow, core: CoreEnvironment): readonly Diagnostic[] {
  const bucket = workflow.repository.replace(/^s3:\/\//, '').split('/', 1)[0];
  if (bucket !== core.launcherBucket) return [];
  return [
    error(
      'repository-in-launcher-bucket',
      ['Repository'],
      `The repository is in the launcher bucket "${core.launcherBucket}", where every new object is taken for a job file.`,
      'Choose another bucket.',
    ),
  ];
}
