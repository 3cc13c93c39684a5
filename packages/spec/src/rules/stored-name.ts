import { nestedBlocks } from '../flow.js';
import type { BatchStep, Step } from '../model.js';
import { declaredNames } from './named-files.js';
import type { Rule } from './rule.js';

/**
 * An output is uploaded to the repository under its base name, whatever its folder in the workspace. An input that
 * names it with that folder refers to a file that no step writes.
 */
export const storedName: Rule = ({ workflow, steps, report, sourceOf }) => {
  const repositories = [workflow.steps, ...steps.flatMap((step) => (step.kind === 'scatter' ? [step.steps] : []))];
  for (const block of repositories) {
    const batchSteps = batchStepsIn(block);
    const inFolders = new Map(
      batchSteps.flatMap((step) =>
        Object.entries(step.outputs).flatMap(([name, { file, dest }]) =>
          dest === undefined && file.includes('/') ? [[file, { step, name }] as const] : [],
        ),
      ),
    );
    for (const step of batchSteps)
      for (const [name, file] of step.inputs === 'auto' ? [] : Object.entries(step.inputs)) {
        const output = inFolders.get(file);
        if (output === undefined || output.step === step) continue;
        const base = file.slice(file.lastIndexOf('/') + 1);
        const at = declaredNames(sourceOf(step)['inputs']).find((declared) => declared.name === name)?.at ?? [];
        report.warning(
          'misspelt-file',
          [...step.path, 'inputs', ...at],
          `The output \`${output.name}\` of the step \`${output.step.name}\` is stored as "${base}", not as "${file}".`,
          { hint: `Write "${base}": in the repository, outputs have no folders.` },
        );
      }
  }
};

/** The batch steps that share the repository of a block. */
function batchStepsIn(block: readonly Step[]): readonly BatchStep[] {
  return block.flatMap((step) => {
    if (step.kind === 'batch') return [step];
    return step.kind === 'scatter' ? [] : nestedBlocks(step).flatMap(batchStepsIn);
  });
}
