import type { DiagnosticCode } from '../codes.js';
import type { TemplatePath } from '../diagnostics.js';
import type { Options, Step } from '../model.js';
import type { Report } from '../report.js';
import type { Parsed } from '../scalars/parsed.js';
import { hasReference } from '../substitution/references.js';
import type { PlainMap } from '../syntax/document.js';
import { type Field, pathOf } from './field.js';

/** Context that the normalisers of steps share. */
export interface NormaliseContext {
  readonly report: Report;
  readonly options: Options;
  /** Normalises a block of steps inside a step. */
  readonly block: (source: unknown, path: TemplatePath) => readonly Step[];
  /** The steps, by their path object, from which mistakes were removed: missing parts of them must not be reported. */
  readonly incomplete: Set<TemplatePath>;
  /** Every step's specification as written in the template, with parameters replaced, by the step's path object. */
  readonly sources: Map<TemplatePath, PlainMap>;
}

/**
 * Returns the result of a scalar parser, or reports the problem and returns `fallback`. A source that still contains a
 * `${…}` is not parsed: that reference has its own diagnostic (rules unknown-name and run-time-value).
 */
export function readScalar<Source, T>(
  source: Source,
  parser: (source: Source) => Parsed<T>,
  fallback: T,
  code: DiagnosticCode,
  field: Field,
  report: Report,
): T {
  return hasReference(source) ? fallback : take(parser(source), fallback, code, field, report);
}

/** Returns the value of a scalar parser's result, or reports the problem and returns `fallback`. */
export function take<T>(result: Parsed<T>, fallback: T, code: DiagnosticCode, field: Field, report: Report): T {
  if (result.ok) return result.value;
  const message = result.problem.charAt(0).toUpperCase() + result.problem.slice(1);
  report.error(code, pathOf(field), `${message}.`, { hint: result.hint });
  return fallback;
}
