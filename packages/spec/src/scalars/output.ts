import type { Output, Tags } from '../model.js';
import { type Parsed, parsed, unparsed } from './parsed.js';
import { isS3Uri } from './s3-uri.js';

/**
 * Parses an output that is written as one text: `file`, optionally `-> s3://bucket/prefix/`, optionally tags, each `
 * +name: value`. Line breaks are white space, so a block scalar may spread it over lines.
 *
 * @example
 * ```ts
 * parseOutput('calls.vcf -> s3://results/vcf/ +stage: final');
 * // { ok: true, value: { file: 'calls.vcf', dest: 's3://results/vcf/', s3Tags: { stage: 'final' } } }
 * ```
 */
export function parseOutput(source: string): Parsed<Output> {
  const [target = '', ...tagTexts] = source.trim().split(/\s+\+(?=[^\s:][^:]*:)/);
  const [file = '', dest, ...further] = target.split(/\s*->\s*/);
  if (further.length > 0) return unparsed('an output has more than one "->"', 'Write "file -> s3://bucket/prefix/".');
  if (dest !== undefined && /\s\+/.test(dest))
    return unparsed(`"${dest.replace(/^.*?\s(?=\+)/s, '')}" is no tag`, 'Write "+name: value" for each tag.');
  // A reference at the end may be a folder.
  if (dest !== undefined && !/[/}]$/.test(dest.trim()))
    return unparsed(
      `"${dest.trim()}" may be meant for a file or for a folder`,
      `An output keeps its name in the folder that it is put in: end the folder with a slash, "${dest.trim()}/".`,
    );
  const tags: [string, string][] = [];
  for (const text of tagTexts) {
    const colon = text.indexOf(':');
    tags.push([text.slice(0, colon).trim(), text.slice(colon + 1).trim()]);
  }
  return outputFrom(file, dest, Object.fromEntries(tags));
}

/** Checks the parts of an output that a template writes as `{name, dest, s3_tags}`. */
export function outputFrom(file: string, dest: string | undefined, s3Tags: Tags): Parsed<Output> {
  const name = file.trim();
  if (name === '') return unparsed('an output names no file', 'Write the file that the commands make.');
  if (/[\r\n]/.test(name))
    return unparsed(
      `"${name.split(/\s*[\r\n]\s*/).join(' ⏎ ')}" is not the name of a file`,
      'Write one file; tags are written " +name: value", a destination " -> s3://bucket/prefix/".',
    );
  if (/[:>]$/.test(name))
    return unparsed(`"${name}" is not the name of a file`, `Write the name without the "${name.at(-1)}" at its end.`);
  if (dest === undefined) return parsed({ file: name, s3Tags });
  const target = dest.trim();
  if (!isS3Uri(target) && !target.startsWith('${'))
    return unparsed(`"${target}" is not a destination`, 'Write an S3 prefix, such as "s3://bucket/prefix/".');
  return parsed({ file: name, dest: target.endsWith('/') ? target : `${target}/`, s3Tags });
}
