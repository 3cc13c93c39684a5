import { parseJson } from '@bclaw/spec/run-time';
import { parse as parseCsv } from 'csv-parse/sync';
import { parseAllDocuments } from 'yaml';
import { JobError } from '../errors.js';

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
  yaml: yamlOf,
  yml: yamlOf,
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

function yamlOf(text: string): unknown {
  const documents = parseAllDocuments(text);
  if (!Array.isArray(documents)) return null;
  const [first, ...further] = documents;
  if (further.length > 0) throw new SyntaxError(`it holds ${documents.length} YAML documents instead of one`);
  const [problem] = first?.errors ?? [];
  if (problem !== undefined) throw problem;
  const value: unknown = first?.toJS();
  // What YAML has and JSON has not: .nan and .inf.
  return JSON.parse(JSON.stringify(value ?? null, finite));
}

function finite(key: string, value: unknown): unknown {
  if (typeof value === 'number' && !Number.isFinite(value))
    throw new RangeError(`"${key}" is ${value}, not a number that JSON has`);
  return value;
}

function recordsOf(text: string, delimiter: string): unknown {
  return parseCsv(text, { columns: true, delimiter, bom: true, skip_empty_lines: true, relax_quotes: true });
}
