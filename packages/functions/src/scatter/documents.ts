import { parseJson } from '@bclaw/spec/run-time';
import { JobError } from '../errors.js';
import { csvRecords } from './csv-records.js';
import { linesOf } from './lines.js';
import { yamlDocument } from './yaml-document.js';

/**
 * Parses a file by its extension: `.json`, `.yaml`, `.yml` into their content; `.jsonl`, `.ndjson` into a list; `.csv`,
 * `.tsv`, `.tab` into a list of records keyed by the header line, all values strings; anything else into a list of
 * lines.
 *
 * @param source the scatter source's name, for error messages
 * @param warn called when a value was read differently from its notation
 * @throws JobError `SourceInvalid` when the content does not match the extension
 */
export function documentOf(
  text: string,
  { file, source, uri, warn }: { file: string; source: string; uri: string; warn: (sentence: string) => void },
): unknown {
  const read = readers[extensionOf(file)] ?? linesOf;
  try {
    return read(text, (sentence) => warn(`The scatter source "${source}" reads ${uri}: ${sentence}.`));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new JobError(
      'SourceInvalid',
      `The scatter source "${source}" cannot read ${uri}: ${reason.replace(/\.$/, '')}.`,
      {
        hint: 'Correct the file; its extension says how it is read.',
        cause,
      },
    );
  }
}

type Reader = (text: string, warn: (sentence: string) => void) => unknown;

const readers: Readonly<Record<string, Reader>> = {
  json: parseJson,
  yaml: yamlDocument,
  yml: yamlDocument,
  jsonl: jsonLinesOf,
  ndjson: jsonLinesOf,
  csv: (text, warn) => csvRecords(text, ',', warn),
  tsv: (text, warn) => csvRecords(text, '\t', warn),
  tab: (text, warn) => csvRecords(text, '\t', warn),
};

const extensionOf = (file: string): string => /\.([^./]+)$/.exec(file)?.[1]?.toLowerCase() ?? '';

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
