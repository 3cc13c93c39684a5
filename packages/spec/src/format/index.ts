import { formatForGithub } from './github.js';
import { formatAsJson } from './json.js';
import { formatForPeople, type Painter } from './people.js';
import { formatAsSarif } from './sarif.js';
import type { DiagnosedSource } from './source.js';

export const diagnosticFormats = ['text', 'json', 'sarif', 'github'] as const;

export type DiagnosticFormat = (typeof diagnosticFormats)[number];

/**
 * Diagnostics of any number of templates as text.
 *
 * @param sources each template's file name, text and diagnostics
 * @param format `text` for people (the default), `json`, `sarif` (2.1.0) or `github` (Actions workflow commands)
 * @param painter colours for `text`
 * @example
 * ```ts
 * const { diagnostics } = parse(text);
 * process.stderr.write(formatDiagnostics([{ file: 'workflow.yaml', text, diagnostics }]));
 * ```
 */
export function formatDiagnostics(
  sources: readonly DiagnosedSource[],
  format: DiagnosticFormat = 'text',
  painter?: Painter,
): string {
  switch (format) {
    case 'text':
      return formatForPeople(sources, painter);
    case 'json':
      return formatAsJson(sources);
    case 'sarif':
      return formatAsSarif(sources);
    case 'github':
      return formatForGithub(sources);
  }
}
