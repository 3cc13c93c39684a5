import type { IncomingHttpHeaders } from 'node:http';
import { queryServices } from './query-services.js';

/** Prefixes of `X-Amz-Target`, for JSON requests that are not signed. */
const targets: Readonly<Record<string, string>> = {
  AWSEvents: 'events',
  AWSStepFunctions: 'states',
  AmazonSQS: 'sqs',
  Logs_20140328: 'logs',
  secretsmanager: 'secretsmanager',
};

/** The parts of a request that tell which service it is for. */
export interface Addressed {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
}

/**
 * The service that a request names: by the credential scope of its signature, or else by its target. A request that
 * names none gives `undefined`.
 */
export function namedService(request: Addressed): string | undefined {
  return credentialScopeService(request) ?? targetService(request.headers['x-amz-target']);
}

/** The service of an unsigned Query request, by the API version that it names. */
export function queryServiceOfVersion(parameters: URLSearchParams): string | undefined {
  if (!parameters.has('Action')) return undefined;
  const version = parameters.get('Version');
  if (version === '2012-11-05') return 'sqs';
  return Object.keys(queryServices).find((name) => queryServices[name]?.version === version);
}

/** Whether an unsigned request may be a Query request, whose body must be read to know: S3 has no such path or form. */
export function mayBeQueryForm({ method, path, headers }: Addressed): boolean {
  if (method !== 'POST' || headers['content-type']?.startsWith('application/x-www-form-urlencoded') !== true)
    return false;
  return path === '/' || /^\/\d{12}\//.test(path);
}

/** `AKID/20260101/us-east-1/states/aws4_request`; the scope of SigV4A has no region, so the service is counted from the end. */
function credentialScopeService({ headers, query }: Addressed): string | undefined {
  const credential =
    /\bCredential=([^,\s]+)/.exec(headers.authorization ?? '')?.[1] ?? query.get('X-Amz-Credential') ?? undefined;
  return credential?.split('/').at(-2);
}

function targetService(target: string | string[] | undefined): string | undefined {
  return typeof target === 'string' ? targets[target.split('.')[0] ?? ''] : undefined;
}
