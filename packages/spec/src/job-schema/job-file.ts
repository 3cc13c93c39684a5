import { BclawError } from '../errors.js';
import type { JobData } from '../payload.js';
import { inWords } from '../scalars/in-words.js';
import { references } from '../substitution/references.js';
import { runTimeReference, substitute } from '../substitution/run-time.js';
import { jobFaults } from './faults.js';

/** A workflow's requirements of its job files. */
export interface JobRequirements {
  /** The template's repository, with `${job.…}` in it. */
  readonly repository: string;
  /** The template's `JobSchema`. */
  readonly schema?: Readonly<Record<string, unknown>>;
}

/**
 * Finds everything for which a job file would be refused: that it is no JSON object, that it lacks a value that the
 * repository needs, that it does not fit the `JobSchema`.
 *
 * @returns sentences; none for a good file
 *
 * @example
 * ```ts
 * findJobFaults('{"SAMPLE": "s1"}', { repository: 's3://my-bucket/${job.SAMPLE_ID}' }); // ['`SAMPLE_ID` is missing: …']
 * ```
 */
export function findJobFaults(body: string | Uint8Array, { repository, schema }: JobRequirements): string[] {
  let job: unknown;
  try {
    job = JSON.parse(typeof body === 'string' ? body.replace(/^\uFEFF/, '') : utf8.decode(body));
  } catch (error) {
    return [error instanceof SyntaxError ? `It is not JSON: ${error.message}.` : 'It is not text in UTF-8.'];
  }
  if (typeof job !== 'object' || job === null || Array.isArray(job))
    return [`It holds ${inWords(job)}, not a JSON object, such as {"SAMPLE_ID": "s1"}.`];
  const faults = schema === undefined ? [] : jobFaults(schema, job);
  return faults.length > 0 ? faults : missingInRepository(repository, { job: { ...job }, scatter: {}, parent: {} });
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

function missingInRepository(repository: string, data: JobData): string[] {
  const faults = references(repository).flatMap(({ content }) => {
    if (runTimeReference(content) === undefined) return [];
    try {
      const value = substitute(`\${${content}}`, data);
      return value.trim() === '' ? [`\`\${${content}}\` is empty, which the repository ${repository} needs.`] : [];
    } catch (error) {
      if (!(error instanceof BclawError)) throw error;
      return [`${error.message.replace(/\.$/, '')}, and the repository ${repository} needs it.`];
    }
  });
  return [...new Set(faults)];
}
