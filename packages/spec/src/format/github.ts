import { type DiagnosedSource, formatPath } from './source.js';

/** Diagnostics as GitHub Actions workflow commands, which mark the lines of a pull request. */
export function formatForGithub(sources: readonly DiagnosedSource[]): string {
  return sources
    .flatMap(({ file, diagnostics }) =>
      diagnostics.map(({ severity, code, message, range, hint, path }) => {
        const properties = [
          ...(file === undefined ? [] : [`file=${property(file)}`]),
          ...(range === undefined ? [] : places(range)),
          `title=${property(code)}`,
        ];
        const where = range === undefined && path.length > 0 ? `${formatPath(path)}: ` : '';
        const text = `${where}${message}${hint === undefined ? '' : ` ${hint}`}`;
        return `::${severity} ${properties.join(',')}::${data(text)}\n`;
      }),
    )
    .join('');
}

function places({ start, end }: NonNullable<DiagnosedSource['diagnostics'][number]['range']>): string[] {
  // Columns are only meaningful within one line.
  const columns = start.line === end.line ? [`col=${start.column}`, `endColumn=${end.column}`] : [];
  return [`line=${start.line}`, `endLine=${end.line}`, ...columns];
}

// GitHub's escapes: a command is one line, and "," and ":" separate properties.
const data = (text: string) => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const property = (text: string) => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
