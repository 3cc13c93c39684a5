import type { Rule } from './rule.js';

/** Step Functions' limit "maximum state name length". */
const maxStateName = 80;

/** Room for the suffixes that the compiler appends to names of additional states, such as `.retrieve`. */
const suffixRoom = 10;

/** Step names become state names, folders in the repository and parts of job names. */
export const stepName: Rule = ({ steps, report }) => {
  const compound = new Map<string, string>();
  for (const { kind, name } of steps) if (kind !== 'batch' && kind !== 'native') compound.set(name, kind);
  for (const { kind, name, path } of steps) {
    const longest = compound.has(name) ? maxStateName - suffixRoom : maxStateName;
    if (name.length > longest)
      report.error('limit-exceeded', path, `The name of this ${kind} step has ${name.length} characters.`, {
        hint: `Use at most ${longest}: Step Functions allows ${maxStateName} in a state's name (maximum state name length).`,
        spot: 'key',
      });
    if (!/^[^\p{Cc}\p{Zl}\p{Zp}/\\]+$/u.test(name) || name.trim() !== name)
      report.error('bad-name', path, `\`${name}\` cannot be the name of a step.`, {
        hint: 'Use letters, digits, spaces, "-", "_" and ".": the name is also a folder in the repository.',
        spot: 'key',
      });
    const dot = name.lastIndexOf('.');
    const owner = compound.get(name.slice(0, Math.max(0, dot)));
    if (owner !== undefined)
      report.error(
        'bad-name',
        path,
        `\`${name}\` may be the name of a state that bclaw makes of \`${name.slice(0, dot)}\`.`,
        {
          hint: `Choose a name that does not begin with "${name.slice(0, dot)}.".`,
          spot: 'key',
        },
      );
  }
};
