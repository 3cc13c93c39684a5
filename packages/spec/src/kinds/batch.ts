import type { TemplatePath } from '../diagnostics.js';
import { given } from '../given.js';
import type { BatchStep, Compute, Filesystem, Image, Output, QcCheck, Retry, SkipPolicy } from '../model.js';
import { type NormaliseContext, readScalar, take } from '../normalise/context.js';
import { type Field, pathOf } from '../normalise/field.js';
import { namedEntries, namedRecord } from '../normalise/named-entries.js';
import { shellOf } from '../normalise/options.js';
import { flagOf, numberOf } from '../normalise/scalars.js';
import { checkTag, tagsOf } from '../normalise/tags.js';
import { parseDuration } from '../scalars/duration.js';
import { defaultImage, imageFrom, parseImage } from '../scalars/image.js';
import { parseMemory } from '../scalars/memory.js';
import { outputFrom, parseOutput } from '../scalars/output.js';
import { asText } from '../scalars/text.js';
import { setEntry } from '../syntax/document.js';
import { type BatchTemplate, batchSchema } from './batch-schema.js';
import { type StepPosition, stepKind } from './kind.js';

/** Minimum job timeout of AWS Batch (JobTimeout.attemptDurationSeconds). */
const minimumTimeoutSeconds = 60;

/** A step that runs commands in a container on AWS Batch. */
export const batch = stepKind({
  kind: 'batch',
  key: 'commands',
  schema: batchSchema,
  placeholder: { commands: ':' },
  nullable: ['inputs', 'task_role', 'timeout', 'compute.queue_name', 'compute.shell'],
  uses: {
    image: 'run-time',
    inputs: 'run-time',
    references: 'run-time',
    commands: 'commands',
    outputs: 'run-time',
    s3_tags: 'run-time',
    qc_check: { qc_result_file: 'run-time', stop_early_if: 'expression' },
  },
  normalise: normaliseBatch,
});

function normaliseBatch(source: BatchTemplate, position: StepPosition, context: NormaliseContext): BatchStep {
  const { path } = position;
  const { report, options } = context;
  const taskRole = source.task_role ?? options.taskRole;
  const timeoutSeconds = timeoutOf(source, path, context);
  const commands = Array.isArray(source.commands) ? source.commands.map(asText) : [asText(source.commands)];
  if (commands.every((command) => command.trim() === ''))
    report.error('wrong-type', [...path, 'commands'], '`commands` has nothing to run.', {
      hint: 'Write at least one command; for a step that does nothing, "commands: true".',
    });
  return {
    kind: 'batch',
    ...position,
    image: imageOf(source.image, { of: path, key: 'image' }, context),
    ...given({ taskRole }),
    inputs: source.inputs === undefined ? 'auto' : namedRecord(source.inputs, { of: path, key: 'inputs' }, report),
    references: namedRecord(source.references, { of: path, key: 'references' }, report),
    commands,
    ...given({ missingOutputs: options.missingOutputs, jobValues: options.jobValues }),
    outputs: outputsOf(source.outputs, { of: path, key: 'outputs' }, context),
    s3Tags: { ...options.s3Tags, ...tagsOf(source.s3_tags, { of: path, key: 's3_tags' }, 'objects', report) },
    jobTags: { ...options.jobTags, ...tagsOf(source.job_tags, { of: path, key: 'job_tags' }, 'jobs', report) },
    skip: skipOf(source, path, context),
    compute: computeOf(source.compute ?? {}, [...path, 'compute'], context),
    filesystems: filesystemsOf(source.filesystems ?? [], [...path, 'filesystems'], context),
    qcChecks: qcChecksOf(source.qc_check),
    retry: retryOf(source.retry ?? {}, [...path, 'retry'], context),
    ...given({ timeoutSeconds }),
  };
}

function imageOf(source: BatchTemplate['image'], field: Field, { report }: NormaliseContext): Image {
  if (source === undefined) return defaultImage;
  const result = typeof source === 'string' ? parseImage(source) : imageFrom(source.name.trim(), source.auth);
  return take(result, defaultImage, 'bad-image', field, report);
}

function outputsOf(
  source: BatchTemplate['outputs'],
  field: Field,
  { report }: NormaliseContext,
): Readonly<Record<string, Output>> {
  const outputs: Record<string, Output> = {};
  for (const entry of namedEntries(source, field, report)) {
    const { key: name, value } = entry;
    const result =
      typeof value === 'string'
        ? parseOutput(value)
        : outputFrom(
            value.name,
            value.dest,
            tagsOf(value.s3_tags, { of: pathOf(entry), key: 's3_tags' }, 'objects', report),
          );
    if (typeof value === 'string' && result.ok)
      // A problem with a tag that is part of a text is reported at the place of the text.
      for (const [tag, text] of Object.entries(result.value.s3Tags)) checkTag(tag, text, entry, 'objects', report);
    setEntry(outputs, name, take(result, { file: name, s3Tags: {} }, 'bad-output', entry, report));
  }
  return outputs;
}

function skipOf(source: BatchTemplate, path: TemplatePath, { report }: NormaliseContext): SkipPolicy {
  const onRerun = flagOf(source.skip_on_rerun, false, { of: path, key: 'skip_on_rerun' }, report);
  const ifOutputs = flagOf(source.skip_if_output_exists, false, { of: path, key: 'skip_if_output_exists' }, report);
  if (onRerun && ifOutputs)
    report.error(
      'exclusive-fields',
      [...path, 'skip_if_output_exists'],
      '`skip_on_rerun` and `skip_if_output_exists` exclude each other.',
      { hint: 'Keep `skip_on_rerun`: it skips exactly what has succeeded before.', spot: 'key' },
    );
  return onRerun ? 'rerun' : ifOutputs ? 'outputs' : 'never';
}

function computeOf(
  source: NonNullable<BatchTemplate['compute']>,
  path: TemplatePath,
  { report, options }: NormaliseContext,
): Compute {
  const consumes = namedEntries(source.consumes, { of: path, key: 'consumes' }, report).map((entry) => [
    entry.key,
    numberOf(entry.value, { fallback: 1, minimum: 1, integer: true }, entry, report),
  ]);
  const memory = source.memory ?? '1 Gb';
  return {
    cpus: numberOf(source.cpus, { fallback: 1, minimum: 1, integer: true }, { of: path, key: 'cpus' }, report),
    memoryMiB: readScalar(memory, parseMemory, 1024, 'bad-memory', { of: path, key: 'memory' }, report),
    ...(source.shm === undefined
      ? {}
      : { shmMiB: readScalar(source.shm, parseMemory, 64, 'bad-memory', { of: path, key: 'shm' }, report) }),
    gpu:
      typeof source.gpu === 'string' && source.gpu.trim() === 'all'
        ? 'all'
        : numberOf(source.gpu, { fallback: 0, minimum: 0, integer: true }, { of: path, key: 'gpu' }, report),
    spot: flagOf(source.spot, true, { of: path, key: 'spot' }, report),
    ...given({ queueName: source.queue_name }),
    fairShare: flagOf(source.fair_share, true, { of: path, key: 'fair_share' }, report),
    shell: shellOf(source.shell, options.shell),
    consumes: Object.fromEntries(consumes),
  };
}

function filesystemsOf(
  source: NonNullable<BatchTemplate['filesystems']>,
  path: TemplatePath,
  { report }: NormaliseContext,
): readonly Filesystem[] {
  const seen = new Set<string>();
  const places = new Set<string>();
  return (Array.isArray(source) ? source : [source]).map(
    ({ efs_id: efsId, host_path: hostPath, root_dir: rootDir = '/' }, index) => {
      const place = hostPath.replace(/(.)\/+$/, '$1');
      if (places.has(place))
        report.error(
          'duplicate-filesystem',
          [...path, index, 'host_path'],
          `Two file systems are mounted at ${place}.`,
          {
            hint: 'Give each a directory of its own.',
          },
        );
      places.add(place);
      if (seen.has(efsId))
        report.error('duplicate-filesystem', [...path, index, 'efs_id'], `${efsId} is mounted twice.`, {
          hint: 'Mount it once, at a directory above both.',
        });
      seen.add(efsId);
      return { efsId, hostPath, rootDir };
    },
  );
}

function qcChecksOf(source: BatchTemplate['qc_check']): readonly QcCheck[] {
  const checks = source === undefined ? [] : Array.isArray(source) ? source : [source];
  return checks.map(({ qc_result_file: resultFile, stop_early_if: conditions }) => ({
    resultFile,
    stopEarlyIf: Array.isArray(conditions) ? conditions : [conditions],
  }));
}

function retryOf(source: NonNullable<BatchTemplate['retry']>, path: TemplatePath, { report }: NormaliseContext): Retry {
  return {
    attempts: numberOf(
      source.attempts,
      { fallback: 3, minimum: 0, integer: true },
      { of: path, key: 'attempts' },
      report,
    ),
    intervalSeconds: readScalar(
      source.interval ?? '3s',
      parseDuration,
      3,
      'bad-duration',
      { of: path, key: 'interval' },
      report,
    ),
    backoffRate: numberOf(
      source.backoff_rate,
      { fallback: 1.5, minimum: 1, integer: false },
      { of: path, key: 'backoff_rate' },
      report,
    ),
  };
}

function timeoutOf(source: BatchTemplate, path: TemplatePath, { report }: NormaliseContext): number | undefined {
  const nested = source.retry?.timeout;
  if (source.timeout !== undefined && nested !== undefined)
    report.error('exclusive-fields', [...path, 'retry', 'timeout'], '`timeout` is given twice: here and in the step.', {
      hint: 'Keep the `timeout` of the step.',
      spot: 'key',
    });
  const written = source.timeout ?? nested;
  if (written === undefined) return undefined;
  const here = { of: source.timeout === undefined ? [...path, 'retry'] : path, key: 'timeout' };
  const seconds = readScalar<string | number, number | undefined>(
    written,
    parseDuration,
    undefined,
    'bad-duration',
    here,
    report,
  );
  if (seconds === undefined || seconds >= minimumTimeoutSeconds) return seconds;
  report.error('bad-duration', pathOf(here), `A timeout of ${seconds} s is too short: AWS Batch wants at least 60 s.`, {
    hint: 'Write "60s" or more.',
  });
  return undefined;
}
