import type { BatchStep, JobOutput, JobStep, Output } from '@bclaw/spec';
import { given } from '@bclaw/spec/given';
import { inKeyOrder } from '../canonical.js';

/**
 * The runner's data about a step: everything that the template alone determines.
 *
 * @param image - the step's image, as used by the job
 */
export function jobStep(step: BatchStep, image: string): JobStep {
  return {
    image,
    ...given({ auth: step.image.auth }),
    shell: step.compute.shell,
    commands: step.commands,
    ...given({ job_values: step.jobValues }),
    ...(step.inputs === 'auto' ? {} : { inputs: inKeyOrder(step.inputs) }),
    references: inKeyOrder(step.references),
    outputs: inKeyOrder(
      Object.fromEntries(Object.entries(step.outputs).map(([name, output]) => [name, jobOutput(output)])),
    ),
    s3_tags: inKeyOrder(step.s3Tags),
    ...given({ missing_outputs: step.missingOutputs }),
    skip: step.skip,
    qc: step.qcChecks.map((check) => ({ file: check.resultFile, stop_early_if: check.stopEarlyIf })),
  };
}

function jobOutput(output: Output): JobOutput {
  return {
    file: output.file,
    ...given({ dest: output.dest }),
    ...(Object.keys(output.s3Tags).length === 0 ? {} : { s3_tags: inKeyOrder(output.s3Tags) }),
  };
}
