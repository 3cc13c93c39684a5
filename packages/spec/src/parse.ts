import type { Diagnostic, SourceRange, TemplatePath } from './diagnostics.js';
import type { DiagnosedSource } from './format/source.js';
import { given } from './given.js';
import type { Workflow } from './model.js';
import { type Normalised, normaliseWorkflow } from './normalise/workflow.js';
import { Report } from './report.js';
import { fromBayerclaw } from './rules/from-bayerclaw.js';
import { rules } from './rules/index.js';
import { missingTransform } from './rules/missing-transform.js';
import { allBlocks, type Rule, type RuleContext, stepsOf } from './rules/rule.js';
import type { PlacedFinding, TemplateDocument } from './syntax/document.js';
import { withoutSuppressed } from './syntax/suppressions.js';
import { readValue } from './syntax/value.js';
import { readYaml } from './syntax/yaml.js';

/** Systems whose templates bclaw accepts. */
export const templateOrigins = ['bayerclaw'] as const;

export type TemplateOrigin = (typeof templateOrigins)[number];

export interface ParseOptions {
  /** Name of the template's file, for `formatDiagnostics`. */
  readonly file?: string;
  /** Values of CloudFormation parameters, overriding their `Default`. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** The system that the template was written for: adds warnings where the template means something else here. */
  readonly from?: TemplateOrigin;
}

/** A parsed template. It can be passed to `formatDiagnostics` as it is. */
export interface ParseResult extends DiagnosedSource {
  /** Absent when there is an error. */
  readonly workflow?: Workflow;
  /** Errors and warnings, sorted by place. */
  readonly diagnostics: readonly Diagnostic[];
  /**
   * Returns the place of a path in the text, or of its nearest ancestor: the value, or its key when the value spans
   * several lines. Undefined for a template that came without text.
   */
  locate(path: TemplatePath): SourceRange | undefined;
}

/**
 * Parses a workflow template, YAML or JSON, into the normalised model. Reports all mistakes at once, each with its
 * place; never throws, whatever the text.
 *
 * @param text the template
 * @example
 * ```ts
 * const result = parse(await readFile('workflow.yaml', 'utf8'), { file: 'workflow.yaml', parameters: { Tag: '1.4' } });
 * process.stderr.write(formatDiagnostics([result]));
 * if (result.workflow !== undefined) compile(result.workflow, options);
 * ```
 */
export function parse(text: string, options: ParseOptions = {}): ParseResult {
  const source = text.startsWith('\uFEFF') ? text.slice(1) : text;
  const result = interpret(readYaml(source), options, [...rulesFor(options), missingTransform], source);
  return { ...result, text: source, diagnostics: withoutSuppressed(result.diagnostics, source) };
}

/**
 * Parses a workflow template that is already a value, as the macro gets it from CloudFormation. Diagnostics have paths,
 * but no places.
 *
 * @param value the template: maps, lists, texts, numbers, booleans and null
 */
export function parseValue(value: unknown, options: ParseOptions = {}): ParseResult {
  // CloudFormation removes `Transform` before it calls the macro.
  return interpret(readValue(value), options, rulesFor(options));
}

/** The rules for templates of other systems, in addition to the general ones. */
const rulesOfOrigin: Readonly<Record<TemplateOrigin, readonly Rule[]>> = { bayerclaw: [fromBayerclaw] };

const rulesFor = ({ from }: ParseOptions): readonly Rule[] =>
  from === undefined ? rules : [...rules, ...rulesOfOrigin[from]];

function interpret(
  document: TemplateDocument,
  { file, parameters = {} }: ParseOptions,
  applied: readonly Rule[],
  text?: string,
): ParseResult {
  const report = new Report();
  const normalised = document.sound ? normaliseWorkflow(document.value, parameters, report) : undefined;
  let hasOddNumber: boolean | undefined;
  if (normalised !== undefined)
    applyRules(applied, normalised, report, (path) => {
      if (text === undefined) return undefined;
      hasOddNumber ??= oddNumber.test(text);
      if (!hasOddNumber) return undefined;
      const range = document.locate(path);
      return range === undefined ? undefined : text.slice(range.start.offset, range.end.offset);
    });
  const findings: PlacedFinding[] = [...document.findings, ...report.findings];
  const diagnostics = findings
    .map(({ spot, range: known, ...finding }): Diagnostic => {
      const range = known ?? document.locate(finding.path, spot);
      return range === undefined ? finding : { ...finding, range };
    })
    .sort(byPlace);
  const failed = diagnostics.some(({ severity }) => severity === 'error');
  return {
    ...(normalised === undefined || failed ? {} : { workflow: normalised.workflow }),
    ...given({ file }),
    diagnostics,
    locate: (path) => document.locate(path),
  };
}

/**
 * A number that is not written as JSON would write it: `1.10`, `007`, `1e3`, `.5`, `+1`, or one with very many digits.
 * Finding a place requires a second read of the template, which is skipped when there is no such number.
 */
const oddNumber = /(?<![^\s[{,])(?:\+\d|-?(?:0[\dxo]|\.\d|\d+\.(?!\d)|\d+\.\d*0(?![\d.])|[\d.]+[eE]|\d[\d.]{15}))/;

function applyRules(
  applied: readonly Rule[],
  normalised: Normalised,
  report: Report,
  sourceNumberAt: RuleContext['sourceNumberAt'],
): void {
  const blocks = allBlocks(normalised.workflow);
  const context: RuleContext = { ...normalised, report, blocks, steps: stepsOf(blocks), sourceNumberAt };
  for (const rule of applied) rule(context);
}

function byPlace(left: Diagnostic, right: Diagnostic): number {
  const byOffset = (left.range?.start.offset ?? 0) - (right.range?.start.offset ?? 0);
  return byOffset !== 0 ? byOffset : left.severity === right.severity ? 0 : left.severity === 'error' ? -1 : 1;
}
