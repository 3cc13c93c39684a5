import type { Rule } from './rule.js';

/** A state machine wants every state's name once, nested blocks included. */
export const duplicateStep: Rule = ({ steps, report }) => {
  const first = new Map<string, string>();
  for (const { name, path } of steps) {
    const before = first.get(name);
    if (before === undefined) first.set(name, path.join('.'));
    else
      report.error('duplicate-step', path, `There is already a step named \`${name}\`.`, {
        hint: 'Give every step of a template a name of its own, also in nested blocks.',
        spot: 'key',
      });
  }
};
