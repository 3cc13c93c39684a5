import type { TemplatePath } from '../diagnostics.js';
import type { Options } from '../model.js';
import type { FindingDetails, Report } from '../report.js';
import type { Parsed } from '../scalars/parsed.js';

/** What the normalisers of steps share. */
export interface NormaliseContext {
  readonly report: Report;
  readonly options: Options;
  /** Paths of the steps from which mistakes were taken out, as JSON: what they lack proves nothing. */
  readonly incomplete: Set<string>;
}

/** The value of a scalar parser, or `fallback` after its problem is reported. */
export function take<T>(
  result: Parsed<T>,
  fallback: T,
  code: string,
  path: TemplatePath,
  report: Report,
  details: FindingDetails = {},
): T {
  if (result.ok) return result.value;
  const message = result.problem.charAt(0).toUpperCase() + result.problem.slice(1);
  report.error(code, path, `${message}.`, { hint: result.hint, ...details });
  return fallback;
}
