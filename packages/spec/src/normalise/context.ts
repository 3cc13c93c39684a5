import type { DiagnosticCode } from '../codes.js';
import type { TemplatePath } from '../diagnostics.js';
import type { Options, Step } from '../model.js';
import type { Report } from '../report.js';
import type { Parsed } from '../scalars/parsed.js';
import { hasReference } from '../substitution/references.js';
import type { PlainMap } from '../syntax/document.js';
import { type Field, pathOf } from './field.js';

/** What the normalisers of steps share. */
export interface NormaliseContext {
  readonly report: Report;
  readonly options: Options;
  /** Normalises a block of steps inside a step. */
  readonly block: (source: unknown, path: TemplatePath) => readonly Step[];
  /** The steps, by their path (the very object), from which mistakes were taken out: what they lack proves nothing. */
  readonly incomplete: Set<TemplatePath>;
  /** Every step's specification as the template has it, parameters replaced, by the step's path (the very object). */
  readonly sources: Map<TemplatePath, PlainMap>;
}

/**
 * What a scalar parser makes of a source, or `fallback` after its problem is reported. A source with a `${…}` that is
 * still there is not parsed at all: that reference has a diagnostic of its own (rules unknown-name and run-time-value).
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

/** The value of a scalar parser's result, or `fallback` after its problem is reported. */
export function take<T>(result: Parsed<T>, fallback: T, code: DiagnosticCode, field: Field, report: Report): T {
  if (result.ok) return result.value;
  const message = result.problem.charAt(0).toUpperCase() + result.problem.slice(1);
  report.error(code, pathOf(field), `${message}.`, { hint: result.hint });
  return fallback;
}
