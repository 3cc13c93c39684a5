import { parseJson } from '@bclaw/spec/run-time';
import { parse as parseCsv } from 'csv-parse/sync';
import { JobError } from '../errors.js';
import { yamlDocument } from './yaml-document.js';

/**
 * A file as JSON values, by its name: `.json`, `.yaml`, `.yml` are what they hold; `.jsonl`, `.ndjson` a list; `.csv`,
 * `.tsv`, `.tab` a list of records by the names in the first line, all values texts; anything else a list of lines.
 *
 * @param name of the scatter source, for errors
 * @throws JobError `SourceInvalid` when the file is not what its name says
 */
export function documentOf(text: string, file: string, name: string, uri: string): unknown {
  const read = readers[extensionOf(file)] ?? linesOf;
  try {
    return read(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new JobError(
      'SourceInvalid',
      `The scatter source "${name}" cannot read ${uri}: ${reason.replace(/\.$/, '')}.`,
      {
        remedy: 'Correct the file; its extension says how it is read.',
        cause,
      },
    );
  }
}

const readers: Readonly<Record<string, (text: string) => unknown>> = {
  json: parseJson,
  yaml: yamlDocument,
  yml: yamlDocument,
  jsonl: jsonLinesOf,
  ndjson: jsonLinesOf,
  csv: (text) => recordsOf(text, ','),
  tsv: (text) => recordsOf(text, '\t'),
  tab: (text) => recordsOf(text, '\t'),
};

const extensionOf = (file: string): string => /\.([^./]+)$/.exec(file)?.[1]?.toLowerCase() ?? '';

function linesOf(text: string): readonly string[] {
  return text.split(/\r?\n/).filter((line) => line !== '');
}

function jsonLinesOf(text: string): readonly unknown[] {
  return text.split('\n').flatMap((line, index) => {
    if (line.trim() === '') return [];
    try {
      return [parseJson(line)];
    } catch (cause) {
      throw new SyntaxError(`line ${index + 1}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    }
  });
}

function recordsOf(text: string, delimiter: string): unknown {
  return parseCsv(text, {
    columns: true,
    delimiter,
    // Left to itself, the library takes the first end of a line for all ends, and the rest of the lines for one value.
    record_delimiter: ['\r\n', '\n', '\r'],
    bom: true,
    skip_empty_lines: true,
    relax_quotes: true,
  });
}
