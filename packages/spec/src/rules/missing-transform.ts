import { defaultMacroName } from '../contract.js';
import type { Rule } from './rule.js';

/** Without `Transform`, CloudFormation treats the template as its own and does not know `Steps`. */
export const missingTransform: Rule = ({ report, has }) => {
  if (has('Transform')) return;
  report.warning('missing-transform', [], '`Transform` is missing, so CloudFormation cannot compile this template.', {
    hint: `Begin the template with "Transform: ${defaultMacroName}".`,
  });
};
