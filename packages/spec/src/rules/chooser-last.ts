import type { Rule } from './rule.js';

/** When no condition of a chooser is true, the step after it runs, so there must be one. */
export const chooserLast: Rule = ({ blocks, report }) => {
  for (const block of blocks) {
    const last = block.at(-1);
    if (last?.kind === 'chooser' && last.next === undefined)
      report.error('chooser-last', last.path, `No step follows the chooser \`${last.name}\`.`, {
        hint: 'Add a step that runs when no condition holds ("- done: {Type: Succeed}" ends the workflow there), or name one in `next`.',
        spot: 'key',
      });
  }
};
