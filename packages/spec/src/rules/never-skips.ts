import { isGlobTemplate } from '../substitution/files.js';
import type { Rule } from './rule.js';

/**
 * `skip_if_output_exists` skips a step when all of its outputs exist. Without outputs there is nothing to check, and
 * the matches of a glob are not known before the step has run, so such a step is never skipped.
 */
export const neverSkips: Rule = ({ steps, report, isIncomplete }) => {
  for (const step of steps) {
    if (step.kind !== 'batch' || step.skip !== 'outputs' || isIncomplete(step)) continue;
    const outputs = Object.entries(step.outputs);
    const glob = outputs.find(([, { file }]) => isGlobTemplate(file));
    if (outputs.length > 0 && glob === undefined) continue;
    const reason =
      glob === undefined ? 'it has no outputs' : `\`${glob[0]}\` is a glob, and what it will match is not known before`;
    report.warning('never-skips', [...step.path, 'skip_if_output_exists'], `This step is never skipped: ${reason}.`, {
      hint: 'Use `skip_on_rerun`, which skips what has succeeded before; or name every output.',
      spot: 'key',
    });
  }
};
