import type { DiagnosticCode } from './codes.js';
import type { Diagnostic, Severity, TemplatePath } from './diagnostics.js';
import { given } from './given.js';
import { maxDiagnostics } from './limits.js';

/** The part of a node that a diagnostic points to. */
export type Spot =
  /** The key of a map's entry: for a problem with the name. */
  | 'key'
  /** The value, or the key when the value spans several lines. */
  | 'value'
  /** A part of the value's text, such as one `${…}` in it; `offset` and `length` select a part of that. */
  | { readonly text: string; readonly offset?: number; readonly length?: number };

/** A diagnostic with a path, but without a range. */
export interface Finding extends Omit<Diagnostic, 'range' | 'code'> {
  readonly code: DiagnosticCode;
  readonly spot: Spot;
}

export interface FindingDetails {
  /** A function when the hint is expensive: it is not called when the report is full. */
  readonly hint?: string | (() => string) | undefined;
  readonly spot?: Spot;
}

/** Maximum number of findings with expensive hints. */
const maxCostlyHints = 100;

/** Collects the findings of all layers, so that they are reported together. */
export class Report {
  readonly findings: Finding[] = [];
  readonly #counts = { error: 0, warning: 0 };
  readonly #seen = new Set<string>();

  error(code: DiagnosticCode, path: TemplatePath, message: string, details: FindingDetails = {}): void {
    this.#add(code, 'error', path, message, details);
  }

  warning(code: DiagnosticCode, path: TemplatePath, message: string, details: FindingDetails = {}): void {
    this.#add(code, 'warning', path, message, details);
  }

  #add(
    code: DiagnosticCode,
    severity: Severity,
    path: TemplatePath,
    message: string,
    { hint, spot = 'value' }: FindingDetails,
  ): void {
    // Every finding costs a search for its place: without a limit, a broken document of a megabyte takes minutes.
    if (this.#counts[severity] >= maxDiagnostics) return;
    const identity = JSON.stringify([code, path, message]);
    if (this.#seen.has(identity)) return;
    this.#seen.add(identity);
    this.#counts[severity] += 1;
    const isEarly = this.findings.length < maxCostlyHints;
    const advice = typeof hint !== 'function' ? hint : isEarly ? hint() : undefined;
    this.findings.push({ code, severity, message, path, spot, ...given({ hint: advice }) });
  }
}
