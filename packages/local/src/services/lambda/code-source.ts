import { type Static, Type } from 'typebox';
import type { EngineContext } from '../../kernel/service.js';
import { AwsError } from '../../wire/aws-error.js';

/** Source of a deployment package: `Code` of CreateFunction, or the members of UpdateFunctionCode. */
export const codeMembers = {
  S3Bucket: Type.Optional(Type.String()),
  S3Key: Type.Optional(Type.String()),
  S3ObjectVersion: Type.Optional(Type.String()),
  ZipFile: Type.Optional(Type.Unknown()),
  ImageUri: Type.Optional(Type.String()),
};
const codeInput = Type.Object(codeMembers);

type CodeInput = Static<typeof codeInput>;

/**
 * Returns the bytes of a deployment package.
 *
 * @throws AwsError `InvalidParameterValueException` when there is no package, or S3 does not return it
 */
export async function readCode(context: EngineContext, input: CodeInput): Promise<Uint8Array> {
  if (input.ImageUri !== undefined)
    throw new AwsError(
      'InvalidParameterValueException',
      'The embedded engine runs functions from zip files; give S3Bucket and S3Key, or ZipFile.',
    );
  if (input.ZipFile instanceof Uint8Array) return input.ZipFile;
  if (typeof input.ZipFile === 'string') return Buffer.from(input.ZipFile, 'base64');
  if (input.S3Bucket === undefined || input.S3Key === undefined)
    throw new AwsError('InvalidParameterValueException', 'Please provide a source for function code.');
  return await readObject(context, input.S3Bucket, input.S3Key, input.S3ObjectVersion);
}

async function readObject(context: EngineContext, bucket: string, key: string, version: string | undefined) {
  try {
    const output: unknown = await context.call('s3', 'GetObject', {
      Bucket: bucket,
      Key: key,
      ...(version === undefined ? {} : { VersionId: version }),
    });
    return await readBody(output);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw new AwsError(
      'InvalidParameterValueException',
      `Error occurred while GetObject. S3 Error Code: ${error.code}. S3 Error Message: ${error.message}`,
    );
  }
}

/** All bytes of the `Body` of a GetObject output, in any of its stream types. */
async function readBody(output: unknown): Promise<Uint8Array> {
  const body: unknown = typeof output === 'object' && output !== null ? Reflect.get(output, 'Body') : undefined;
  if (body instanceof Uint8Array) return body;
  if (!isAsyncIterable(body)) throw new AwsError('ServiceException', 'S3 answered without a body.', { status: 500 });
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(typeof chunk === 'string' ? Buffer.from(chunk) : new Uint8Array(chunk));
  return Buffer.concat(chunks);
}

function isAsyncIterable(value: unknown): value is AsyncIterable<Uint8Array | string> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}
