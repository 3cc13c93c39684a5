import { Readable } from 'node:stream';
import type { EngineContext } from '../../../kernel/service.js';
import { validationError } from '../errors.js';

/** Template body size limit of a request, in bytes (CloudFormation's quota). */
const bodyBytesLimit = 51_200;

/** Returns the template of a request: its inline text, or an object in S3. */
export async function templateText(
  context: EngineContext,
  input: { readonly TemplateBody?: string; readonly TemplateURL?: string },
): Promise<string | undefined> {
  if (input.TemplateBody !== undefined && input.TemplateURL !== undefined)
    throw validationError('You can only specify one of TemplateBody or TemplateURL.');
  if (input.TemplateURL !== undefined) return readObject(context, input.TemplateURL);
  if (input.TemplateBody !== undefined && Buffer.byteLength(input.TemplateBody) > bodyBytesLimit)
    throw validationError(
      `1 validation error detected: Value at 'templateBody' failed to satisfy constraint: Member must have length less than or equal to ${bodyBytesLimit}`,
    );
  return input.TemplateBody;
}

async function readObject(context: EngineContext, url: string): Promise<string> {
  const { bucket, key, versionId } = objectOf(url);
  const output = await context.call('s3', 'GetObject', {
    Bucket: bucket,
    Key: key,
    ...(versionId === null ? {} : { VersionId: versionId }),
  });
  const body: unknown = typeof output === 'object' && output !== null ? Reflect.get(output, 'Body') : undefined;
  if (!(body instanceof Readable)) throw validationError(`The object at ${url} cannot be read.`);
  return Buffer.concat(await body.toArray()).toString('utf8');
}

/** Parses any of S3's URL forms: the bucket in the host name, or first in the path. */
function objectOf(text: string): { bucket: string; key: string; versionId: string | null } {
  if (!URL.canParse(text)) throw validationError('TemplateURL must be a supported URL.');
  const url = new URL(text);
  const versionId = url.searchParams.get('versionId');
  const path = decodeURIComponent(url.pathname.slice(1));
  if (url.protocol === 's3:') return { bucket: url.hostname, key: path, versionId };
  const bucket = /^(.+)\.s3[.-]/.exec(url.hostname)?.[1];
  if (bucket !== undefined) return { bucket, key: path, versionId };
  const slash = path.indexOf('/');
  if (slash <= 0) throw validationError('TemplateURL must reference a valid S3 object to which you have access.');
  return { bucket: path.slice(0, slash), key: path.slice(slash + 1), versionId };
}
