import { parse as parseCsv } from 'csv-parse/sync';

/**
 * The records of a CSV file, keyed by the header line; all values are strings. Blank lines are skipped.
 *
 * @param warn called for names that were trimmed and for a column without a name
 * @throws Error for duplicate columns, and for a record with more or fewer values than columns: a value would be lost,
 * or be assigned to another column
 */
export function csvRecords(
  text: string,
  delimiter: string,
  warn: (sentence: string) => void,
): readonly Readonly<Record<string, string>>[] {
  const [header, ...records]: string[][] = parseCsv(text, {
    delimiter,
    // By default, the library detects the first line ending and treats all other line endings as part of a value.
    record_delimiter: ['\r\n', '\n', '\r'],
    bom: true,
    skip_empty_lines: true,
    relax_quotes: true,
  });
  if (header === undefined) return [];
  const names = columnNames(header, warn);
  // Not the library's own objects: they lose a column named `__proto__`.
  return records.map((record) => Object.fromEntries(names.map((name, column) => [name, record[column] ?? ''])));
}

function columnNames(header: readonly string[], warn: (sentence: string) => void): readonly string[] {
  const names = header.map((name) => name.trim());
  for (const [column, name] of names.entries()) {
    const first = names.indexOf(name);
    if (first < column)
      throw new SyntaxError(
        name === ''
          ? `its columns ${first + 1} and ${column + 1} have no name in the first line`
          : `its columns ${first + 1} and ${column + 1} are both named "${name}"`,
      );
    if (name === '') warn(`column ${column + 1} has no name in the first line`);
    else if (name !== header[column])
      warn(`the name of column ${column + 1} is "${name}", without the blanks around it in the first line`);
  }
  return names;
}
