import type { BatchStep } from '../model.js';
import { nearest } from '../nearest.js';
import { references } from '../substitution/references.js';
import type { Rule } from './rule.js';

/**
 * `${name}` in commands is a file of the step or a variable of the shell. A name that is close to the name of a file,
 * and that the commands do not set, is a mistake that would only show after the job has been queued, staged and
 * started.
 */
export const misspeltName: Rule = ({ steps, report, textsOf, parameterValues }) => {
  for (const step of steps) {
    if (step.kind !== 'batch' || step.inputs === 'auto') continue;
    const names = fileNames(step, step.inputs);
    const script = step.commands.join('\n');
    const judged = new Set<string>();
    for (const { text, path, use } of textsOf(step)) {
      if (use !== 'commands') continue;
      for (const { content } of references(text)) {
        if (names.has(content) || parameterValues.has(content) || judged.has(content) || judged.size >= maxJudged)
          continue;
        judged.add(content);
        if (!/^[A-Za-z_]\w*$/.test(content) || isShellVariable(content, script)) continue;
        const near = nearest(content, names);
        if (near === undefined) {
          if (!setsUnseen.test(script))
            report.warning('unset-variable', path, `Nothing sets \`\${${content}}\`, so the shell stops there.`, {
              hint: `Name it among the inputs, references or outputs, set it in the commands, or write \`\${${content}:-}\` where it may be empty.`,
              spot: { text: `\${${content}}` },
            });
        } else
          report.warning(
            'misspelt-name',
            path,
            `\`\${${content}}\` is no file of this step, and the commands do not set it.`,
            {
              hint: `Did you mean \`\${${near}}\`?`,
              spot: { text: `\${${content}}` },
            },
          );
      }
    }
  }
};

/** Commands that can set variables unseen by this rule. */
const setsUnseen = /(?:^|[\s;&|(])(?:eval|source|\.)\s|\bset\s+\+[a-z]*u/m;

/** Maximum number of unknown names of a step that are compared with all known ones. */
const maxJudged = 100;

function fileNames(step: BatchStep, inputs: Readonly<Record<string, string>>): Set<string> {
  const names = new Set<string>();
  for (const files of [inputs, step.references, step.outputs])
    for (const name of Object.keys(files)) names.add(name.replace(/\?$/, ''));
  return names;
}

/**
 * Returns true if a name is an environment variable (in capitals) or set by the commands: `x=`, `for x in`, `read x`.
 */
function isShellVariable(name: string, script: string): boolean {
  return (
    /^[A-Z0-9_]+$/.test(name) ||
    new RegExp(
      `\\b${name}(?:\\+?=|\\[)|\\b(?:for|select)\\s+${name}\\b|\\b(?:read|readarray|mapfile|getopts|local|declare|typeset|printf\\s+-v)\\b.*\\b${name}\\b|\\(\\(.*\\b${name}\\b`,
    ).test(script)
  );
}
