/** A place in a source text: line and column count from 1, offset from 0 in UTF-16 units. */
export interface SourcePosition {
  readonly line: number;
  readonly column: number;
  readonly offset: number;
}

/** A stretch of source text; `end` is exclusive. */
export interface SourceRange {
  readonly start: SourcePosition;
  readonly end: SourcePosition;
}

/** Keys and list indices from the top of a template to a node, e.g. `['Steps', 0, 'align', 'image']`. */
export type TemplatePath = readonly (string | number)[];

export type Severity = 'error' | 'warning';

/**
 * What is wrong with a template, where, and what to write instead.
 *
 * One type from the parser to the macro and the command line. Codes are stable, kebab-case and documented one by one
 * in `docs/diagnostics.md`.
 */
export interface Diagnostic {
  readonly code: string;
  readonly severity: Severity;
  /** One sentence to a person, without the place. */
  readonly message: string;
  readonly path: TemplatePath;
  /** Absent when the template came without text, as CloudFormation hands it to the macro. */
  readonly range?: SourceRange;
  /** What to write instead. */
  readonly hint?: string;
}
