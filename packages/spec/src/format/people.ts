import type { Diagnostic } from '../diagnostics.js';
import { type DiagnosedSource, formatPath } from './source.js';

/** Colours for the parts of a diagnostic; every function gets a text and returns it with colour codes around it. */
export interface Painter {
  error(text: string): string;
  warning(text: string): string;
  /** File, line and column; line numbers. */
  place(text: string): string;
  hint(text: string): string;
}

const plain: Painter = {
  error: (text) => text,
  warning: (text) => text,
  place: (text) => text,
  hint: (text) => text,
};

/** Maximum length of a source line that is shown. */
const window = 160;

/**
 * Formats diagnostics for people: place, severity, code and message, the source line with a caret, and the hint.
 *
 * @param painter adds colours; none by default
 * @returns lines with a line break at the end of each, or an empty text when there are no diagnostics
 * @example
 * ```text
 * workflow.yaml:7:7: error unknown-field: There is no field `comands` here.
 *   7 |       comands: echo hello
 *     |       ^^^^^^^
 *   hint: Did you mean `commands`?
 * ```
 */
export function formatForPeople(sources: readonly DiagnosedSource[], painter: Painter = plain): string {
  return sources
    .flatMap(({ file, text, diagnostics }) => {
      const lines = text?.replace(/^\uFEFF/, '').split(/\r?\n/);
      return diagnostics.map((diagnostic) => one(diagnostic, file ?? 'template', lines, painter));
    })
    .join('\n');
}

function one(diagnostic: Diagnostic, file: string, lines: readonly string[] | undefined, painter: Painter): string {
  const { severity, code, message, range, hint, path } = diagnostic;
  const place =
    range === undefined ? `${file}: ${formatPath(path)}` : `${file}:${range.start.line}:${range.start.column}`;
  const paint = severity === 'error' ? painter.error : painter.warning;
  let text = `${painter.place(`${place}:`)} ${paint(`${severity} ${code}`)}: ${printable(message)}\n`;
  if (range !== undefined && lines !== undefined) text += excerpt(range, lines, paint, painter.place);
  if (hint !== undefined) text += `  ${painter.hint('hint:')} ${printable(hint)}\n`;
  return text;
}

/** Removes control characters, which a terminal would obey: the template may come from someone else. */
const printable = (text: string): string => text.replaceAll(/\p{Cc}/gu, ' ');

function excerpt(
  { start, end }: NonNullable<Diagnostic['range']>,
  lines: readonly string[],
  paint: (text: string) => string,
  paintPlace: (text: string) => string,
): string {
  const line = lines[start.line - 1];
  if (line === undefined || line.trim() === '') return '';
  const from = start.column > window ? start.column - 1 - window / 2 : 0;
  const shown = printable(line.slice(from, from + window));
  const until = end.line === start.line ? end.column : line.length + 1;
  const width = Math.max(1, Math.min(until, from + window + 1) - start.column);
  const number = String(start.line);
  const gutter = ' '.repeat(number.length);
  const caret = ' '.repeat(start.column - 1 - from) + paint('^'.repeat(width));
  return `  ${paintPlace(`${number} |`)} ${shown}\n  ${gutter} ${paintPlace('|')} ${caret}\n`;
}
