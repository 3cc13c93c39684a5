import { maxWorkflowNameLength, workflowNameProblem } from '@bclaw/compiler';
import { BclawError } from '@bclaw/spec';

/**
 * Checks a workflow's name against AWS's rules for the names derived from it: the stack's name, and the names of
 * launcher, state machines and job definitions, which begin with it.
 *
 * @throws BclawError `bad-workflow-name`
 *
 * @example
 * ```ts
 * checkName('variant-calling'); // fine
 * checkName('variant_calling'); // throws: a stack's name has no underscores
 * ```
 */
export function checkName(workflow: string): void {
  const problem = workflowNameProblem(workflow);
  if (problem === undefined) return;
  const suggestion = workflow
    .replace(/--(?=\d+$)/, '-')
    .replace(/[^A-Za-z0-9-]+/g, '-')
    .replace(/^[^A-Za-z]+/, '')
    .slice(0, maxWorkflowNameLength);
  throw new BclawError('bad-workflow-name', problem, {
    hint: `Take a name like ${suggestion === '' ? 'my-workflow' : suggestion}.`,
  });
}
