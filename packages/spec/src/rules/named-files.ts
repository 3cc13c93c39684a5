import type { TemplatePath } from '../diagnostics.js';
import { zipKey } from '../kinds/scatter.js';
import type { Step } from '../model.js';
import type { Report } from '../report.js';
import { isMap, memberOf } from '../syntax/document.js';
import type { Rule } from './rule.js';

/** Fields that declare names, in the order of reading. */
const declaring = ['scatter', 'inputs', 'references', 'outputs'] as const;

/**
 * The names of inputs, references and outputs stand for files in commands (`${name}`), so they must be identifiers and
 * unique.
 */
export const namedFiles: Rule = ({ steps, report, sourceOf }) => {
  for (const step of steps) {
    if (step.kind === 'native' || step.kind === 'subpipe') continue;
    const source = sourceOf(step);
    const seen = new Map<string, Declaration>();
    for (const field of declaring)
      for (const { name: written, at } of field === 'scatter'
        ? sourceNames(source[field])
        : declaredNames(source[field])) {
        const isOptional = written.endsWith('?');
        const declaration = { step, field, at, written, name: isOptional ? written.slice(0, -1) : written };
        checkName(declaration, report);
        if (isOptional && !(step.kind === 'batch' && (field === 'inputs' || field === 'outputs')))
          report.error('bad-name', pathOf(declaration), `\`${written}\` cannot be optional.`, {
            hint: 'Only inputs and outputs of a batch step can: remove the "?".',
            spot: 'key',
          });
        checkOnce(declaration, seen, report);
      }
  }
};

/** A name that a field declares. */
export interface DeclaredName {
  readonly name: string;
  /** Its place in the field. */
  readonly at: TemplatePath;
}

/** The names that a field declares in either spelling. */
export function declaredNames(value: unknown): DeclaredName[] {
  if (isMap(value)) return Object.keys(value).map((name) => ({ name, at: [name] }));
  if (!Array.isArray(value)) return [];
  return value.flatMap((item, index) => declaredNames(item).map(({ name, at }) => ({ name, at: [index, ...at] })));
}

/** The names that the field `scatter` declares: those under `zip` are sources, too. */
export function sourceNames(value: unknown): DeclaredName[] {
  return declaredNames(value).flatMap((declared) => {
    const source = declared.at.reduce<unknown>(memberOf, value);
    return declared.name === zipKey && isMap(source)
      ? Object.keys(source).map((name) => ({ name, at: [...declared.at, name] }))
      : [declared];
  });
}

interface Declaration {
  readonly step: Step;
  readonly field: string;
  readonly at: TemplatePath;
  readonly written: string;
  /** The name as written, without the mark of an optional file. */
  readonly name: string;
}

function pathOf({ step, field, at }: Declaration): TemplatePath {
  return [...step.path, field, ...at];
}

function checkName(declaration: Declaration, report: Report): void {
  const { name, written } = declaration;
  if (written === 'Ref' || written.startsWith('Fn::')) {
    report.error(
      'bad-name',
      pathOf(declaration),
      `\`${written}\` is an intrinsic function of CloudFormation, not a name.`,
      {
        hint: 'bclaw replaces `${Name}` in texts by itself: write that instead.',
        spot: 'key',
      },
    );
    return;
  }
  if (/^[A-Za-z0-9_][A-Za-z0-9_.-]*$/.test(name) && !/^(?:job|scatter|parent)(?:\.|$)/.test(name)) return;
  report.error('bad-name', pathOf(declaration), `\`${written}\` cannot be a name here.`, {
    hint: 'Use letters, digits, "_", "-" and "."; "job", "scatter" and "parent" have a meaning of their own.',
    spot: 'key',
  });
}

function checkOnce(declaration: Declaration, seen: Map<string, Declaration>, report: Report): void {
  const { step, field, written, name } = declaration;
  // `${scatter.x}` and `${parent.x}` are distinct, so a scatter's own names may equal those of its files.
  const space = field === 'scatter' ? 'scatter' : 'file';
  const key = `${space} ${name}`;
  const before = seen.get(key);
  if (before === undefined) seen.set(key, declaration);
  // The same key twice in one map has its own diagnostic.
  else if (before.field !== field || before.written !== written)
    report.error(
      'duplicate-name',
      pathOf(declaration),
      `\`${name}\` is among the ${before.field} of \`${step.name}\` already.`,
      {
        hint: 'Names of inputs, references and outputs of a step must differ from each other.',
        spot: 'key',
      },
    );
}
