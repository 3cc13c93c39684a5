import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Log } from '../../../kernel/service.js';
import { AwsError } from '../../../wire/aws-error.js';
import type { Bodies } from '../../../wire/bodies.js';
import type { Signature } from '../../../wire/destination.js';
import type { Gate } from '../../../wire/server.js';
import { S3Error } from '../errors.js';
import type { Implementation, S3Request } from '../shapes/operation.js';
import { parseAddress } from './address.js';
import { decodeRequest } from './decode-request.js';
import { encodeResponse } from './encode-response.js';
import { writeError } from './error-response.js';
import { refuseExpired } from './presigned.js';
import { Router } from './router.js';
import { refuseUnsupported } from './unsupported.js';

/** Implements S3's REST/XML protocol on top of the operations. Signatures are accepted and not checked. */
export class S3Handler {
  readonly #router: Router;
  readonly #log: Log;

  constructor(implementations: readonly Implementation[], options: { readonly log: Log }) {
    this.#router = new Router(implementations);
    this.#log = options.log;
  }

  /** Handles one request; never rejects. */
  async handle(
    request: IncomingMessage,
    response: ServerResponse,
    signature: Signature | undefined,
    gate: Gate,
    bodies: Bodies,
  ): Promise<void> {
    const requestId = randomBytes(8).toString('hex').toUpperCase();
    const hostId = randomBytes(24).toString('base64');
    const method = request.method ?? 'GET';
    response.setHeader('x-amz-request-id', requestId);
    response.setHeader('x-amz-id-2', hostId);
    response.setHeader('server', 'AmazonS3');
    try {
      const address = parseAddress(request.headers.host, request.url ?? '/');
      if (signature === undefined) throw accessDenied('it is not signed');
      if (signature.kind === 'presigned' && address.key === undefined)
        throw accessDenied('a presigned URL is for an object, and this one names none');
      if (signature.kind === 'presigned') refuseExpired(address.query, Date.now());
      refuseUnsupported(request.headers);
      const implementation = this.#router.find(method, address, request.headers);
      const input = await decodeRequest(implementation.model, address, request, bodies);
      const output = await answered(implementation, input, gate, {
        requestId,
        sourceAddress: plainAddress(request),
        region: signature.kind === 'header' ? signature.region : undefined,
      });
      await encodeResponse(implementation.model, output, response);
    } catch (error) {
      writeError(response, this.#asAwsError(error, request), { method, requestId, hostId });
    }
  }

  #asAwsError(error: unknown, request: IncomingMessage): AwsError {
    if (error instanceof AwsError) return error;
    this.#log.error('S3 could not answer a request', {
      method: request.method,
      url: request.url,
      error: error instanceof Error ? (error.stack ?? error.message) : String(error),
    });
    const message = isDiskFull(error)
      ? "The disk with the engine's directory is full. Free some space and try again."
      : "We encountered an internal error. See the engine's log for details.";
    return new S3Error('InternalError', message, { status: 500 });
  }
}

async function answered(
  { model, run }: Implementation,
  input: Readonly<Record<string, unknown>>,
  gate: Gate,
  request: S3Request,
): Promise<Readonly<Record<string, unknown>>> {
  gate.admit(model.name, input);
  try {
    return await run(input, { ...request, caller: gate.caller });
  } catch (error) {
    throw gate.shown(model.name, input, error);
  }
}

const accessDenied = (why: string): S3Error =>
  new S3Error('AccessDenied', `Access Denied: the request was refused because ${why}.`, { status: 403 });

/** An error of a content file, or of the journal, whose errors have a cause. */
function isDiskFull(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const full = 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT');
  return full || isDiskFull(error.cause);
}

const plainAddress = (request: IncomingMessage): string | undefined =>
  request.socket.remoteAddress?.replace(/^::ffff:/, '');
