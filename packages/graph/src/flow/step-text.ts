import type { BatchStep, Image, NativeStep, ScatterStep, Step, SubpipeStep } from '@bclaw/spec';
import type { Fact, StepShape, StepText } from './model.js';

/** The shape of a step without nested steps. */
export function shapeOf(step: Exclude<Step, { kind: 'scatter' | 'parallel-chooser' }>): StepShape {
  switch (step.kind) {
    case 'batch':
    case 'subpipe':
    case 'chooser':
      return step.kind;
    case 'native':
      return step.type === 'Succeed' ? 'succeed' : step.type === 'Fail' ? 'fail' : 'native';
  }
}

/** The text about a step in a picture. */
export function stepText(step: Step): StepText {
  const { name } = step;
  switch (step.kind) {
    case 'batch':
      return { name, note: shortImage(step.image), facts: batchFacts(step) };
    case 'scatter':
      return { name, note: `for each ${Object.keys(step.scatter).join(' × ')}`, facts: scatterFacts(step) };
    case 'subpipe':
      return { name, note: `runs ${lastPart(step.subpipe)}`, facts: subpipeFacts(step) };
    case 'native':
      return { name, note: nativeNote(step), facts: nativeFacts(step) };
    case 'chooser':
      return {
        name,
        note: 'first true condition',
        facts: facts({
          inputs: files(step.inputs),
          choices: step.choices.map((choice) => `${choice.if} → ${choice.next}`).join('\n'),
        }),
      };
    case 'parallel-chooser':
      return {
        name,
        note: 'every true branch, side by side',
        facts: facts({
          inputs: files(step.inputs),
          branches: step.branches.map((branch) => branch.if ?? 'always').join('\n'),
        }),
      };
  }
}

function batchFacts(step: BatchStep): Fact[] {
  const { cpus, memoryMiB, gpu } = step.compute;
  return facts({
    image: step.image.name,
    inputs: inputs(step.inputs),
    references: files(step.references),
    commands: step.commands.join('\n'),
    outputs: Object.entries(step.outputs)
      .map(([name, { file, dest }]) => `${name}: ${file}${dest === undefined ? '' : ` → ${dest}`}`)
      .join('\n'),
    compute: `${counted(cpus, 'CPU')}, ${memoryMiB} MiB${gpu === 0 ? '' : `, ${gpu === 'all' ? 'all GPUs' : counted(gpu, 'GPU')}`}`,
    'stops early if': step.qcChecks.flatMap(({ stopEarlyIf }) => stopEarlyIf).join('\n'),
    skipped: { never: '', rerun: 'when it was completed before', outputs: 'when all outputs exist' }[step.skip],
    timeout: step.timeoutSeconds === undefined ? '' : `${step.timeoutSeconds} s`,
  });
}

function scatterFacts(step: ScatterStep): Fact[] {
  const { errorTolerance } = step;
  return facts({
    'for each': Object.entries(step.scatter)
      .map(([name, source]) => `${name}: ${typeof source === 'string' ? source : JSON.stringify(source)}`)
      .join('\n'),
    inputs: inputs(step.inputs),
    outputs: files(step.outputs),
    'at once': step.maxConcurrency === 0 ? '' : `at most ${step.maxConcurrency}`,
    'may fail': 'count' in errorTolerance ? nonZero(errorTolerance.count) : nonZero(errorTolerance.percentage, ' %'),
  });
}

const subpipeFacts = (step: SubpipeStep): Fact[] =>
  facts({
    workflow: step.subpipe,
    'job data': step.jobData ?? 'of this job',
    retrieves: step.retrieve.map(({ from, to }) => (from === to ? from : `${from} → ${to}`)).join('\n'),
  });

function nativeNote({ type, fields }: NativeStep): string {
  if (type === 'Wait' && typeof fields['Seconds'] === 'number') return `Wait ${fields['Seconds']} s`;
  if (type === 'Parallel') return 'all branches, side by side';
  return type;
}

const nativeFacts = ({ type, fields }: NativeStep): Fact[] =>
  facts({
    type,
    ...Object.fromEntries(
      Object.entries(fields).map(([field, value]) => [
        field,
        typeof value === 'string' ? value : JSON.stringify(value, undefined, 1),
      ]),
    ),
  });

/** Omits facts without a value. */
const facts = (texts: Readonly<Record<string, string>>): Fact[] =>
  Object.entries(texts).flatMap(([label, text]) => (text === '' ? [] : [{ label, text }]));

const inputs = (named: BatchStep['inputs']): string =>
  named === 'auto' ? 'the outputs of the step before' : files(named);

const files = (named: Readonly<Record<string, string>>): string =>
  Object.entries(named)
    .map(([name, file]) => `${name}: ${file}`)
    .join('\n');

/** `public.ecr.aws/docker/library/debian:12.11-slim` → `debian:12.11-slim`; a digest is shortened. */
const shortImage = ({ name }: Image): string => lastPart(name).replace(/@sha256:([0-9a-f]{7})[0-9a-f]*$/, '@$1…');

/** The part after the last slash, or the last colon of an ARN. */
const lastPart = (name: string): string => (name.startsWith('arn:') ? name.split(':') : name.split('/')).at(-1) ?? name;

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

const nonZero = (count: number, unit = ''): string => (count === 0 ? '' : `${count}${unit}`);
