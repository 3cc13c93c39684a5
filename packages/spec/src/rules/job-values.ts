import type { TemplatePath } from '../diagnostics.js';
import { ExpressionSyntaxError, namedMembers, parseExpression } from '../expressions/index.js';
import { type Declared, declaredAt } from '../job-schema/declared.js';
import { checkJobSchema } from '../job-schema/keywords.js';
import { nearest } from '../nearest.js';
import type { Report, Spot } from '../report.js';
import { textsOf } from '../substitution/fields.js';
import { references } from '../substitution/references.js';
import { runTimeReference } from '../substitution/run-time.js';
import type { PlainMap } from '../syntax/document.js';
import type { Rule } from './rule.js';

/** Types whose values cannot be a scatter's source: that is a list, or a text that names files. */
const noSource = new Set(['number', 'integer', 'boolean', 'null', 'object']);

/** With a `JobSchema`, every `${job.…}` must name a value that it declares, of a type that fits. */
export const jobValues: Rule = ({ workflow, section, written, report, steps, textsOf: textsOfStep }) => {
  const schema = workflow.jobSchema;
  if (schema === undefined) return;
  checkJobSchema(schema, [written('JobSchema')], report);
  for (const key of ['Repository', 'Options'] as const)
    for (const { text, path } of textsOf(section(key), written(key))) checkText(text, path, schema, report);
  for (const step of steps)
    for (const { text, path, use } of textsOfStep(step)) {
      if (use === 'native') continue;
      if (use === 'expression') checkCondition(text, path, schema, report);
      else checkText(text, path, schema, report);
      if (step.kind === 'scatter' && path[step.path.length] === 'scatter') checkSource(text, path, schema, report);
    }
};

function checkText(text: string, path: TemplatePath, schema: PlainMap, report: Report): void {
  if (!text.includes('${')) return;
  for (const { content, start, end } of references(text)) {
    const reference = runTimeReference(content);
    if (reference?.scope !== 'job') continue;
    const spelled = text.slice(start, end);
    reportUnknown(declaredAt(schema, namesIn(reference.path)), spelled, path, { text: spelled }, report);
  }
}

/** The names at the beginning of a path: of JMESPath, those before the first other sign. */
function namesIn(path: string): string[] {
  const plain = /^[\p{L}_][\p{L}\p{N}_-]*(?:\.[\p{L}_][\p{L}\p{N}_-]*)*(?![\p{L}\p{N}_(])/u.exec(path)?.[0];
  return plain === undefined ? [] : plain.split('.');
}

/** `job.x` in a condition, where names are written without `${…}`. */
function checkCondition(text: string, path: TemplatePath, schema: PlainMap, report: Report): void {
  if (!text.includes('job')) return;
  try {
    for (const { member, from, to } of namedMembers(parseExpression(text), new Set(['job'])))
      reportUnknown(
        declaredAt(schema, [member]),
        `job.${member}`,
        path,
        { text, offset: from, length: to - from },
        report,
      );
  } catch (error) {
    // An invalid expression has its own diagnostic.
    if (!(error instanceof ExpressionSyntaxError)) throw error;
  }
}

function reportUnknown(declared: Declared, spelled: string, path: TemplatePath, spot: Spot, report: Report): void {
  switch (declared.kind) {
    case 'declared':
    case 'open':
      return;
    case 'unknown-name': {
      const { name, around, known } = declared;
      const near = nearest(name, known);
      report.error('unknown-name', path, `\`${spelled}\` names nothing: JobSchema declares no \`${around}.${name}\`.`, {
        hint:
          near !== undefined
            ? `Did you mean \`${around}.${near}\`?`
            : `It declares: ${known.length === 0 ? 'nothing' : known.join(', ')}.`,
        spot,
      });
      return;
    }
    case 'no-names': {
      const { name, around, types } = declared;
      report.error(
        'job-type',
        path,
        `\`${spelled}\` names nothing: by JobSchema, \`${around}\` is ${inWords(types)}.`,
        {
          hint: `Write \`\${${around}}\`, or declare \`${name}\` among the properties of \`${around}\`.`,
          spot,
        },
      );
      return;
    }
  }
}

function checkSource(text: string, path: TemplatePath, schema: PlainMap, report: Report): void {
  const [, content] = /^\s*\$\{([^{}]*)\}\s*$/.exec(text) ?? [];
  const reference = content === undefined ? undefined : runTimeReference(content);
  if (reference?.scope !== 'job') return;
  const names = namesIn(reference.path);
  if (names.join('.') !== reference.path) return;
  const declared = declaredAt(schema, names);
  if (declared.kind !== 'declared' || declared.types === undefined) return;
  if (!declared.types.every((type) => noSource.has(type))) return;
  report.error(
    'job-type',
    path,
    `A scatter needs a list, but by JobSchema \`${content}\` is ${inWords(declared.types)}.`,
    {
      hint: 'Declare it as `type: array`; or as `type: string`, when it names files.',
    },
  );
}

/** `['integer', 'null']` → `an integer or null` */
const inWords = (types: readonly string[]): string =>
  types
    .map((type) =>
      type === 'null' ? 'null' : `${/^[aio]/.test(type) ? 'an' : 'a'} ${type === 'array' ? 'array' : type}`,
    )
    .join(' or ');
