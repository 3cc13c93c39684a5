import type { Rule } from './rule.js';

/** Every parameter must have a value. */
export const missingParameter: Rule = ({ workflow, parameterValues, report, written }) => {
  for (const name of Object.keys(workflow.parameters))
    if (parameterValues.get(name) === undefined)
      report.error('missing-parameter', [written('Parameters'), name], `The parameter \`${name}\` has no value.`, {
        hint: `Give it a \`Default\`, or a value: \`-p ${name}=…\`, or --parameter-overrides ${name}=….`,
        spot: 'key',
      });
};

/** Every parameter must be used. */
export const unusedParameter: Rule = ({ parameterValues, parameterUses, report, written }) => {
  const used = new Set(parameterUses.map(({ name }) => name));
  for (const name of parameterValues.keys())
    if (!used.has(name))
      report.warning('unused-parameter', [written('Parameters'), name], `The parameter \`${name}\` is never used.`, {
        hint: `Use it as \`\${${name}}\`, or remove it.`,
        spot: 'key',
      });
};

/** Values of parameters become part of definitions, which everyone with access to the workflow can read. */
export const secretParameter: Rule = ({ workflow, parameterUses, report }) => {
  const secrets = new Set(
    Object.entries(workflow.parameters)
      .filter(([, { NoEcho: isSecret }]) => String(isSecret).trim().toLowerCase() === 'true')
      .map(([name]) => name),
  );
  for (const { name, path } of parameterUses)
    if (secrets.has(name))
      report.warning(
        'secret-parameter',
        path,
        `The secret \`${name}\` is written into the workflow's definition, where anyone can read it.`,
        {
          hint: 'Put it into Secrets Manager, and let the command read it there by its name.',
          spot: { text: `\${${name}}` },
        },
      );
};
