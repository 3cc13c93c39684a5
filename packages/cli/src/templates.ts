import { type DiagnosedSource, type DiagnosticFormat, formatDiagnostics, type Painter } from '@bclaw/spec';
import { readInputText } from './input-file.js';
import type { Terminal } from './terminal.js';

/** The text of a template file. */
export const readTemplate = (path: string): Promise<string> => readInputText(path);

/** Formats diagnostics of templates, with colours on a terminal, without the final line break. */
export function diagnosticsText(
  sources: readonly DiagnosedSource[],
  style: Terminal['dataStyle'],
  format: DiagnosticFormat = 'text',
): string {
  const painter: Painter = {
    error: (text) => style.red(text),
    warning: (text) => style.yellow(text),
    place: (text) => style.bold(text),
    hint: (text) => style.cyan(text),
  };
  return formatDiagnostics(sources, format, painter).trimEnd();
}
