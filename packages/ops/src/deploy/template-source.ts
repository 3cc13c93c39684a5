import { PutObjectCommand } from '@aws-sdk/client-s3';
import type { Clients } from '../aws/clients.js';
import { sha256 } from '../aws/sha256.js';

/** CloudFormation's limit for a template in a request; a larger one is read from S3. */
const largestTemplateBody = 51_200;

/** A bucket for templates, and where it is. */
export interface TemplateBucket {
  readonly bucket: string;
  readonly region: string;
  readonly partition: string;
}

/** A template as a change set takes it: its text, or the URL of an object with it when the text is too large. */
export async function templateSource(
  clients: Pick<Clients, 's3'>,
  text: string,
  { bucket, region, partition }: TemplateBucket,
): Promise<{ readonly body: string } | { readonly url: string }> {
  if (Buffer.byteLength(text) <= largestTemplateBody) return { body: text };
  const key = `templates/${sha256(text)}.yaml`;
  await clients.s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: text }));
  const suffix = partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
  return { url: `https://${bucket}.s3.${region}.${suffix}/${key}` };
}
