import type { Diagnostic } from '../diagnostics.js';

/** The diagnostics of one template, with what is needed to show them. */
export interface DiagnosedSource {
  /** File name as the user knows it; absent for text without a file. */
  readonly file?: string;
  /** The template's text; absent when the template came as a value. */
  readonly text?: string;
  readonly diagnostics: readonly Diagnostic[];
}

/** `Steps[0].align.image` */
export function formatPath(path: Diagnostic['path']): string {
  return path
    .map((segment, index) => (typeof segment === 'number' ? `[${segment}]` : index === 0 ? segment : `.${segment}`))
    .join('');
}
