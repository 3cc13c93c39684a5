import type { BatchStep, Diagnostic } from '@bclaw/spec';
import { jobTagKeys, tagKeys } from '@bclaw/spec/contract';
import type { Job } from '../jobs/job.js';
import { checkLimit, type Limit, limits } from './limits.js';

type Tags = Readonly<Record<string, string>>;

/** Checks the tags of a step's jobs, or of the jobs of all steps that share a job definition. */
export function checkJobTags(job: Job, subject: () => string, path: Diagnostic['path']): readonly Diagnostic[] {
  const { tags } = job.frame;
  const added = Object.keys(tagKeys).length + Object.keys(jobTagKeys).length;
  const hint = 'Shorten or remove entries of `job_tags`.';
  return [
    ...checkLimit(
      limits.tagsPerResource,
      Object.keys(tags).length + added,
      () => `The job of ${subject()}, with the ${added} tags that bclaw adds,`,
      path,
      hint,
    ),
    ...checkTexts(tags, { key: limits.tagKey, value: limits.tagValue }, subject, path, hint),
  ];
}

/** Checks the tags of a step's output objects: the step's own tags and those of each output. */
export function checkObjectTags(step: BatchStep): readonly Diagnostic[] {
  const hint = 'Shorten or remove entries of `s3_tags`.';
  return Object.entries(step.outputs).flatMap(([name, output]) => {
    const tags = { ...step.s3Tags, ...output.s3Tags };
    const subject = () => `the output "${name}" of step "${step.name}"`;
    return [
      ...checkLimit(limits.tagsPerObject, Object.keys(tags).length, () => capitalised(subject()), step.path, hint),
      ...checkTexts(tags, { key: limits.objectTagKey, value: limits.objectTagValue }, subject, step.path, hint),
    ];
  });
}

function checkTexts(
  tags: Tags,
  { key: keyLimit, value: valueLimit }: { readonly key: Limit; readonly value: Limit },
  subject: () => string,
  path: Diagnostic['path'],
  hint: string,
): readonly Diagnostic[] {
  return Object.entries(tags).flatMap(([key, value]) => [
    ...checkLimit(keyLimit, key.length, () => `The tag "${key}" of ${subject()}`, path, hint),
    ...checkLimit(valueLimit, value.length, () => `The value of tag "${key}" of ${subject()}`, path, hint),
  ]);
}

const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
