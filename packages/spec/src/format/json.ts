import { given } from '../given.js';
import { type DiagnosedSource, formatPath } from './source.js';

/** Diagnostics as a JSON list of `{file, line, column, endLine, endColumn, severity, code, message, path, hint}`. */
export function formatAsJson(sources: readonly DiagnosedSource[]): string {
  const list = sources.flatMap(({ file, diagnostics }) =>
    diagnostics.map(({ severity, code, message, path, range, hint }) => ({
      ...given({ file }),
      ...(range === undefined
        ? {}
        : {
            line: range.start.line,
            column: range.start.column,
            endLine: range.end.line,
            endColumn: range.end.column,
          }),
      severity,
      code,
      message,
      path: formatPath(path),
      ...given({ hint }),
    })),
  );
  return `${JSON.stringify(list, null, 2)}\n`;
}
