import type { BatchStep, Output } from '../model.js';
import { isGlobTemplate } from '../substitution/files.js';
import { references } from '../substitution/references.js';
import { runTimeReference } from '../substitution/run-time.js';
import { declaredNames } from './named-files.js';
import type { Rule } from './rule.js';

/**
 * An output with a destination outside of the repository has the same key in every job, unless some part of it differs
 * between jobs: each job overwrites the result of the previous one. Globs are not checked: their matches may have
 * different names. A step that is skipped when its outputs exist writes them once, for all jobs.
 */
export const sharedDestination: Rule = ({ steps, report, sourceOf }) => {
  for (const step of steps) {
    if (step.kind !== 'batch' || step.skip === 'outputs') continue;
    for (const { name, at } of declaredNames(sourceOf(step)['outputs'])) {
      const output = outputOf(step, name);
      if (output?.dest === undefined || isGlobTemplate(output.file)) continue;
      if (differsByJob(output.dest) || differsByJob(output.file)) continue;
      report.warning(
        'shared-destination',
        [...step.path, 'outputs', ...at],
        `Every job writes \`${name}\` to ${output.dest}, over the one before.`,
        {
          hint: 'Put something that differs from job to job into it, such as `${job.SAMPLE_ID}`; or, when it is the same for all jobs, make it once: `skip_if_output_exists: true`.',
        },
      );
    }
  }
};

function outputOf({ outputs }: BatchStep, name: string): Output | undefined {
  return Object.hasOwn(outputs, name) ? outputs[name] : undefined;
}

function differsByJob(text: string): boolean {
  return references(text).some(({ content }) => runTimeReference(content) !== undefined);
}
