import { allSteps, type Diagnostic, type Step, type Workflow } from '@bclaw/spec';
import { utf8Length } from '../canonical.js';
import type { Template } from '../cloudformation.js';
import type { CoreEnvironment } from '../core-environment.js';
import type { Behaviour } from '../definition.js';
import { type Job, longestJobDefinitionArn } from '../jobs/job.js';
import { attemptSeconds } from '../jobs/job-frame.js';
import { statesIn } from '../states-language.js';
import { checkLimit, limits } from './limits.js';
import { checkRequests } from './requests.js';
import { checkJobTags, checkObjectTags } from './tags.js';

/** Reports every AWS limit that the compiled workflow exceeds, before a deployment fails because of it. */
export function checkLimits(
  workflow: Workflow,
  behaviour: Behaviour,
  template: Template,
  core: CoreEnvironment,
): readonly Diagnostic[] {
  const steps = allSteps(workflow);
  const paths = new Map(steps.map((step) => [step.name, step.path]));
  /** A state is named after its step, or its name begins with the step's. */
  const pathOf = (state: string) => paths.get(state) ?? paths.get(state.slice(0, state.lastIndexOf('.'))) ?? ['Steps'];
  return [
    ...steps.flatMap(checkStep),
    ...behaviour.jobs.flatMap((job) => checkJob(job, pathOf(job.stepName))),
    ...checkStateNames(behaviour, pathOf),
    ...checkRequests(workflow, behaviour, pathOf),
    ...checkLimit(
      limits.stateMachineDefinition,
      definitionSize(behaviour, core),
      () => 'The state machine definition',
      ['Steps'],
      'Move some of the steps into a workflow of their own and call it with `subpipe`.',
    ),
    ...checkLimit(
      limits.stackResources,
      Object.keys(template.Resources).length,
      () => 'The stack',
      ['Steps'],
      'Steps that differ in `compute`, `job_tags` and the like need job definitions of their own: move some of the steps into a workflow of their own.',
    ),
    ...checkLimit(
      limits.stackParameters,
      Object.keys(workflow.parameters).length,
      () => 'The template',
      ['Parameters'],
      'Remove parameters that no step uses.',
    ),
    ...checkLimit(
      limits.templateDescription,
      utf8Length(template.Description),
      () => 'The description',
      ['Description'],
      'Move some of it into comments.',
    ),
    ...(isSmall(workflow, behaviour) ? [] : checkTemplateBody(template)),
  ];
}

function checkStateNames(
  { definition }: Behaviour,
  pathOf: (stateName: string) => Diagnostic['path'],
): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  for (const [name] of statesIn(definition))
    if (name.length > limits.stateName.max)
      found.push(
        ...checkLimit(
          limits.stateName,
          name.length,
          () => `The state "${name}"`,
          pathOf(name),
          'Choose a shorter name for the step.',
        ),
      );
  return found;
}

function checkStep(step: Step): readonly Diagnostic[] {
  switch (step.kind) {
    case 'batch':
      return [
        ...checkLimit(
          limits.jobTimeout,
          step.timeoutSeconds === undefined ? 0 : attemptSeconds(step),
          () => `The timeout of step "${step.name}" with its longest wait before a retry`,
          step.path,
          'Leave out `timeout` for a step without one, or wait less between retries.',
        ),
        ...checkObjectTags(step),
      ];
    case 'scatter':
      return checkLimit(
        limits.branches,
        step.maxConcurrency,
        () => `The \`max_concurrency\` of step "${step.name}"`,
        step.path,
        'Leave it out, or write 0: Step Functions then runs as many branches at once as it can.',
      );
    case 'subpipe':
    case 'native':
    case 'chooser':
    case 'parallel-chooser':
      return [];
    default:
      return step satisfies never;
  }
}

/**
 * Returns true if a template is far below its limit by a rough upper bound: serializing it only to count takes long.
 */
function isSmall(workflow: Workflow, { jobs, definitionText }: Behaviour): boolean {
  const jobBytes = jobs.reduce((sum, { size }) => sum + size + 2 * 1024, 0);
  // A UTF-16 unit takes at most three bytes.
  const otherBytes = 3 * (definitionText.length + JSON.stringify(workflow.parameters).length) + 64 * 1024;
  return jobBytes + otherBytes <= limits.templateBody.max;
}

const checkTemplateBody = (template: Template): readonly Diagnostic[] =>
  checkLimit(
    limits.templateBody,
    utf8Length(JSON.stringify(template)),
    () => 'The compiled template',
    ['Steps'],
    'Put long scripts into the image or the repository, or move some of the steps into a workflow of their own.',
  );

/** Bytes of the definition after CloudFormation has inserted the ARNs of the job definitions. */
const definitionSize = ({ definitionText, jobs }: Behaviour, core: CoreEnvironment): number =>
  jobs.reduce(
    (sum, job) => sum + job.users * (longestJobDefinitionArn(job.namePart, core) - `\${${job.logicalId}}`.length),
    utf8Length(definitionText),
  );

function checkJob(job: Job, path: Diagnostic['path']): readonly Diagnostic[] {
  const subject = () => (job.users > 1 ? `${job.users} steps` : `step "${job.stepName}"`);
  return [
    ...checkLimit(
      limits.jobDefinition,
      job.size,
      () => `The job definition of ${subject()}`,
      path,
      'Shorten or remove entries of `job_tags`, `consumes` or `filesystems`.',
    ),
    ...checkJobTags(job, subject, path),
  ];
}
