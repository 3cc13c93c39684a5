import type { TemplatePath } from '../diagnostics.js';
import { given } from '../given.js';
import type { Options, PinImages, Shell } from '../model.js';
import type { Report } from '../report.js';
import type { OptionsTemplate } from '../schema/workflow.js';
import type { Field } from './field.js';
import { flagOf } from './scalars.js';
import { tagsOf } from './tags.js';

/** Options with every default filled in. */
export function normaliseOptions(source: OptionsTemplate, path: TemplatePath, report: Report): Options {
  return {
    versioned: flagOf(source.versioned, false, { of: path, key: 'versioned' }, report),
    pinImages: pinImagesOf(source.pin_images, { of: path, key: 'pin_images' }, report),
    shell: shellOf(source.shell, 'sh'),
    ...given({ taskRole: source.task_role }),
    ...(source.missing_outputs === 'warn' ? { missingOutputs: 'warn' } : {}),
    ...(source.job_values === 'quoted' ? { jobValues: 'quoted' } : {}),
    s3Tags: tagsOf(source.s3_tags, { of: path, key: 's3_tags' }, 'objects', report),
    jobTags: tagsOf(source.job_tags, { of: path, key: 'job_tags' }, 'jobs', report),
  };
}

function pinImagesOf(source: boolean | string | undefined, field: Field, report: Report): PinImages {
  if (typeof source === 'string' && source.trim() === 'best-effort') return 'best-effort';
  return flagOf(source, false, field, report, 'true, false or best-effort') ? 'required' : 'no';
}

/** The shell named by a field, or the fallback. */
export function shellOf(source: string | undefined, fallback: Shell): Shell {
  if (source === undefined) return fallback;
  if (source === 'sh' || source === 'bash' || source === 'sh-pipefail') return source;
  // Only a reference passes the schema without being one of the three; it has its own diagnostic.
  return fallback;
}
