import type { Rule } from './rule.js';

/** A state machine requires unique state names, including those in nested blocks. */
export const duplicateStep: Rule = ({ steps, report }) => {
  const names = new Set<string>();
  for (const { name, path } of steps) {
    if (names.has(name))
      report.error('duplicate-step', path, `There is already a step named \`${name}\`.`, {
        hint: 'Give every step of a template a name of its own, also in nested blocks.',
        spot: 'key',
      });
    names.add(name);
  }
};
