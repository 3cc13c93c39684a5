import { escapeGlob, isGlob } from '../glob.js';
import type { JobData } from '../payload.js';
import { isS3Uri, parseS3Uri, type S3Location } from '../scalars/s3-uri.js';
import { references } from './references.js';
import { runTimeReference, substitute } from './run-time.js';

/** A file name of a template with the job's data inserted. */
export interface FilledFile {
  /** The readable text: the file's name if `glob` is absent. */
  readonly text: string;
  /** Present if the template is a glob: the same text, with every character of the data escaped. */
  readonly glob?: string;
}

/** A {@link FilledFile} with its location in S3. */
export interface LocatedFile {
  /** The object, if `glob` is absent. */
  readonly location: S3Location;
  /** A glob for keys of the bucket. */
  readonly glob?: string;
}

/**
 * {@link substitute} for the name of a file or a glob. Only the template's own text makes a glob: `[`, `?` and `*` in
 * the job's data, a scatter's items and a parent's files are literal. A wildcard must be within one piece of the
 * template's text: `[${job.x}]` is not a set, and `**` matches folders only where the template has slashes around it.
 *
 * @throws BclawError as in {@link substitute}
 * @example
 * ```ts
 * const data = { job: { sample: 'virus-[PR]' }, scatter: {}, parent: {} };
 * substituteFile('${job.sample}.txt', data); // { text: 'virus-[PR].txt' }
 * substituteFile('${job.sample}.*', data); // { text: 'virus-[PR].*', glob: 'virus-[[]PR].*' }
 * ```
 */
export function substituteFile(template: string, data: JobData): FilledFile {
  const text = substitute(template, data);
  const glob = withLiterals(template, (reference) => literal(reference, data));
  return isGlob(glob) ? { text, glob } : { text };
}

/** Returns true if a file name in a template is a glob, whatever the values of its references. */
export function isGlobTemplate(template: string): boolean {
  return isGlob(withLiterals(template, () => ''));
}

/**
 * Locates a file of a template: `s3://…` as it is, anything else in the repository, whose own name is literal.
 *
 * @param repository its key is the prefix without a trailing slash
 */
export function locateFile({ text, glob }: FilledFile, repository: S3Location): LocatedFile {
  const absolute = isS3Uri(text) ? parseS3Uri(text) : undefined;
  const folder = repository.key === '' ? '' : `${repository.key}/`;
  const location = absolute ?? { bucket: repository.bucket, key: `${folder}${text}` };
  if (glob === undefined) return { location };
  const pattern = absolute === undefined ? `${escapeGlob(folder)}${glob}` : (parseS3Uri(glob)?.key ?? '');
  return isGlob(pattern) ? { location, glob: pattern } : { location };
}

/** The value of a reference as part of a glob. A scatter's own file is stored as a glob, made from its template. */
function literal(reference: string, data: JobData): string {
  const { scope, path } = runTimeReference(reference.slice(2, -1)) ?? {};
  const file =
    scope === 'parent' && path !== undefined && Object.hasOwn(data.parent, path) ? data.parent[path] : undefined;
  return typeof file === 'string' ? file : escapeGlob(substitute(reference, data));
}

function withLiterals(template: string, literalOf: (reference: string) => string): string {
  let glob = '';
  let last = 0;
  const add = (piece: string) => {
    // Two stars that are adjacent because of an empty value are not a `**`.
    glob += glob.endsWith('*') ? piece.replace(/^\*+/, '') : piece;
  };
  for (const { start, end } of references(template)) {
    add(textPiece(template, last, start));
    add(literalOf(template.slice(start, end)));
    last = end;
  }
  add(textPiece(template, last, template.length));
  return glob;
}

/** A piece of the template's own text, as a glob that is independent of the text around it. */
function textPiece(template: string, start: number, end: number): string {
  return template.slice(start, end).replace(/\[[^\]/]+\]|\[|\*+/g, (token, offset: number) => {
    if (token === '[') return escapeGlob(token);
    if (!token.startsWith('*')) return token;
    const before = template.charAt(start + offset - 1);
    const after = template.charAt(start + offset + token.length);
    const isFolder = token === '**' && /^\/?$/.test(before) && /^\/?$/.test(after);
    return isFolder ? token : '*';
  });
}
