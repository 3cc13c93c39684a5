import { isGlob } from '../glob.js';
import { parseS3Uri } from './s3-uri.js';

/** The reason why a text cannot name a file, and the fix. */
export interface FileProblem {
  readonly problem: string;
  readonly hint: string;
}

/** The form of most file names: no character in it has a special meaning. */
const plainFile = /^[\w${}*-][\w${}*.-]*(?:\/[\w${}*-][\w${}*.-]*)*$/;

/**
 * Checks that a text can be a file of a repository or an S3 URI. The value of a `${…}` in it is unknown, so only the
 * text around it is checked.
 *
 * @param text a file as written in an input, a reference or a subpipe's job data
 * @returns undefined for a possible file
 * @example
 * ```ts
 * fileProblem('s3:/bucket/reads.fq'); // { problem: '… is no S3 URI', hint: 'Write "s3://bucket/reads.fq".' }
 * fileProblem('reads/*.fq'); // undefined
 * ```
 */
export function fileProblem(text: string): FileProblem | undefined {
  const file = text.trim();
  if (plainFile.test(file)) return undefined;
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]*):\/\//.exec(file)?.[1];
  if (scheme === 's3') return uriProblem(file);
  const afterS3 = /^s3:\/*(.*)$/is.exec(file)?.[1];
  if (afterS3 !== undefined) return { problem: `"${file}" is no S3 URI`, hint: `Write "s3://${afterS3}".` };
  if (scheme !== undefined)
    return {
      problem: `"${file}" is not in S3, and files come from S3 only`,
      hint: 'Copy it to S3, or fetch it in the commands.',
    };
  if (file.startsWith('/'))
    return {
      problem: `"${file}" begins with "/", but files are named from the repository on`,
      hint: `Write "${file.replace(/^\/+/, '') || 'file'}", or an S3 URI.`,
    };
  if (file.split('/').some((part) => part === '..' || part === '.'))
    return {
      problem: `"${file}" has a "." or ".." for a folder, which S3 takes for names`,
      hint: file.startsWith('./') ? `Write "${file.replace(/^(?:\.\/)+/, '')}".` : 'Write the S3 URI of the file.',
    };
  return folderProblem(file);
}

function uriProblem(uri: string): FileProblem | undefined {
  // The bucket name is not fully checked: the oldest buckets have names that S3 no longer allows.
  const { bucket = '', key = '' } = parseS3Uri(uri) ?? {};
  if (key === '' && !bucket.includes('${'))
    return { problem: `"${uri}" is a bucket, not a file`, hint: 'Write "s3://bucket/folder/file", or a glob.' };
  return folderProblem(uri);
}

function folderProblem(file: string): FileProblem | undefined {
  if (!file.endsWith('/') || isGlob(file)) return undefined;
  return { problem: `"${file}" is a folder, not a file`, hint: `To take what is in it, write "${file}*".` };
}

/**
 * Checks that a text can be a file of a workspace (or of a scatter's branch), where outputs are.
 *
 * @example
 * ```ts
 * outputFileProblem('../calls.vcf'); // it is outside
 * outputFileProblem('calls/**'); // undefined
 * ```
 */
export function outputFileProblem(text: string): FileProblem | undefined {
  const file = text.trim();
  if (/^[A-Za-z0-9]+:\/\//.test(file))
    return {
      problem: `"${file}" is no file that the commands make`,
      hint: 'Name the file first and then where it goes, "file -> s3://bucket/prefix/".',
    };
  if (/^(?:\.\/)*\.\.(?:\/|$)/.test(file))
    return { problem: `"${file}" is outside of the workspace`, hint: 'Have the commands write it to their folder.' };
  if (file.endsWith('/') || file === '.')
    return {
      problem: `"${file}" is a folder, not a file`,
      hint: `To take what is in it, write "${file.replace(/\/+$/, '')}/**".`,
    };
  return undefined;
}
