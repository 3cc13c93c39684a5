/** A place in a source text: line and column count from 1, offset from 0 in UTF-16 units. */
export interface SourcePosition {
  readonly line: number;
  readonly column: number;
  readonly offset: number;
}

/** A range of source text; `end` is exclusive. */
export interface SourceRange {
  readonly start: SourcePosition;
  readonly end: SourcePosition;
}

/** Keys and list indices from the top of a template to a node, e.g. `['Steps', 0, 'align', 'image']`. */
export type TemplatePath = readonly (string | number)[];

export type Severity = 'error' | 'warning';

/**
 * A problem in a template, its place and the fix.
 *
 * The parser, the macro and the command line all use this type. Codes are stable, kebab-case and documented one by one
 * in `docs/diagnostics.md`.
 */
export interface Diagnostic {
  readonly code: string;
  readonly severity: Severity;
  /** One sentence for the user, without the place. */
  readonly message: string;
  readonly path: TemplatePath;
  /** Absent when the template came without text, as the macro gets it from CloudFormation. */
  readonly range?: SourceRange;
  /** The fix: usually the text to write instead. */
  readonly hint?: string;
}
