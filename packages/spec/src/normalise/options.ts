import type { TemplatePath } from '../diagnostics.js';
import type { Options, PinImages, Shell, Tags } from '../model.js';
import type { Report } from '../report.js';
import { asText } from '../scalars/text.js';
import type { OptionsTemplate } from '../schema/workflow.js';
import { type Named, namedRecord } from './named-entries.js';
import { flagOf } from './scalars.js';

/** Options with every default filled in. */
export function normaliseOptions(source: OptionsTemplate, path: TemplatePath, report: Report): Options {
  return {
    versioned: flagOf(source.versioned, false, [...path, 'versioned'], report),
    pinImages: pinImagesOf(source.pin_images, [...path, 'pin_images'], report),
    shell: shellOf(source.shell, 'sh'),
    ...(source.task_role === undefined ? {} : { taskRole: source.task_role }),
    s3Tags: tagsOf(source.s3_tags, [...path, 's3_tags'], report),
    jobTags: tagsOf(source.job_tags, [...path, 'job_tags'], report),
  };
}

function pinImagesOf(source: boolean | string | undefined, path: TemplatePath, report: Report): PinImages {
  if (typeof source === 'string' && source.trim() === 'best-effort') return 'best-effort';
  return flagOf(source, false, path, report, 'true, false or best-effort') ? 'required' : 'no';
}

/** The shell that a field names, or the fallback. */
export function shellOf(source: string | undefined, fallback: Shell): Shell {
  if (source === undefined) return fallback;
  if (source === 'sh' || source === 'bash' || source === 'sh-pipefail') return source;
  // Only a reference passes the schema and is none of the three; it has a diagnostic of its own.
  return fallback;
}

/** Tags in either spelling; values become texts. */
export function tagsOf(source: Named<string | number | boolean> | undefined, path: TemplatePath, report: Report): Tags {
  const tags = namedRecord(source, path, report);
  return Object.fromEntries(Object.entries(tags).map(([name, value]) => [name, asText(value)]));
}
