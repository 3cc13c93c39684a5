import type { TemplatePath } from '../diagnostics.js';
import type { Step } from '../model.js';
import type { Report } from '../report.js';
import { isMap } from '../syntax/document.js';
import type { Rule } from './rule.js';

/** Fields that declare names, by the order in which a reader meets them. */
const declaring = ['scatter', 'inputs', 'references', 'outputs'] as const;

/**
 * The names of inputs, references and outputs stand for files in commands (`${name}`), so they are identifiers and each
 * is there once.
 */
export const namedFiles: Rule = ({ steps, report, sourceOf }) => {
  for (const step of steps) {
    if (step.kind === 'native' || step.kind === 'subpipe') continue;
    const source = sourceOf(step);
    const seen = new Map<string, { readonly field: string; readonly written: string }>();
    for (const field of declaring)
      for (const { name, path } of declaredNames(source[field], [...step.path, field])) {
        const isOptional = name.endsWith('?');
        checkName(isOptional ? name.slice(0, -1) : name, name, path, report);
        if (isOptional && !(field === 'inputs' && step.kind === 'batch'))
          report.error('bad-name', path, `\`${name}\` cannot be optional.`, {
            hint: 'Only inputs of a batch step can: remove the "?".',
            spot: 'key',
          });
        checkOnce(step, field, name, path, seen, report);
      }
  }
};

/** The names that a field gives in either spelling. */
export function* declaredNames(value: unknown, path: TemplatePath): Generator<{ name: string; path: TemplatePath }> {
  if (Array.isArray(value)) for (const [index, item] of value.entries()) yield* declaredNames(item, [...path, index]);
  else if (isMap(value)) for (const name of Object.keys(value)) yield { name, path: [...path, name] };
}

function checkName(name: string, written: string, path: TemplatePath, report: Report): void {
  if (written === 'Ref' || written.startsWith('Fn::')) {
    report.error('bad-name', path, `\`${written}\` is an intrinsic function of CloudFormation, not a name.`, {
      hint: 'bclaw replaces `${Name}` in texts by itself: write that instead.',
      spot: 'key',
    });
    return;
  }
  if (/^[A-Za-z0-9_][A-Za-z0-9_.-]*$/.test(name) && !/^(?:job|scatter|parent)(?:\.|$)/.test(name)) return;
  report.error('bad-name', path, `\`${written}\` cannot be a name here.`, {
    hint: 'Use letters, digits, "_", "-" and "."; "job", "scatter" and "parent" have a meaning of their own.',
    spot: 'key',
  });
}

function checkOnce(
  step: Step,
  field: string,
  written: string,
  path: TemplatePath,
  seen: Map<string, { readonly field: string; readonly written: string }>,
  report: Report,
): void {
  // `${scatter.x}` and `${parent.x}` are told apart, so a scatter's own names may be those of its files.
  const space = field === 'scatter' ? 'scatter' : 'file';
  const name = written.replace(/\?$/, '');
  const key = `${space} ${name}`;
  const before = seen.get(key);
  if (before === undefined) seen.set(key, { field, written });
  // The very same key twice in one map has a diagnostic of its own.
  else if (before.field !== field || before.written !== written)
    report.error('duplicate-name', path, `\`${name}\` is among the ${before.field} of \`${step.name}\` already.`, {
      hint: 'Names of inputs, references and outputs of a step must differ from each other.',
      spot: 'key',
    });
}
