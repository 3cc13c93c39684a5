import { createServer, type IncomingMessage, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * A proxy in front of the engine that denies operations as AWS does when a permission is missing: the engine itself has
 * no IAM. It recognises an operation by the format of its protocol.
 */
export class DenyingProxy {
  readonly #server: Server;
  readonly #target: URL;
  #denied: string | undefined;
  /** The requested operations since the last {@link deny}, in order. */
  readonly seen: string[] = [];

  private constructor(target: string) {
    this.#target = new URL(target);
    this.#server = createServer((incoming, outgoing) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('end', () => {
        const body = Buffer.concat(chunks);
        const operation = operationOf(incoming, body);
        this.seen.push(operation);
        if (operation === this.#denied) {
          const { status, headers, text } = refusal(incoming, operation);
          outgoing.writeHead(status, headers).end(text);
          return;
        }
        const { hostname, port } = this.#target;
        const { method, url, headers } = incoming;
        request({ hostname, port, method, path: url, headers }, (answer) => {
          outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
          answer.pipe(outgoing);
        }).end(body);
      });
    });
  }

  static async start(target: string): Promise<DenyingProxy> {
    const proxy = new DenyingProxy(target);
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get url(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  /** Denies only this operation from now on. */
  deny(operation: string | undefined): void {
    this.#denied = operation;
    this.seen.length = 0;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** `CreateChangeSet`, `UpdateAlias`, `PutObject`, … */
function operationOf({ method = '', url = '', headers }: IncomingMessage, body: Buffer): string {
  const target = headers['x-amz-target'];
  if (typeof target === 'string') return target.split('.').at(-1) ?? '';
  if (headers['content-type']?.startsWith('application/x-www-form-urlencoded')) {
    return new URLSearchParams(body.toString()).get('Action') ?? '';
  }
  const path = url.split('?')[0] ?? '';
  const known: readonly (readonly [RegExp, string, string])[] = [
    [/^\/2015-03-31\/functions\/[^/]+\/aliases\/[^/]+$/, 'GET', 'GetAlias'],
    [/^\/2015-03-31\/functions\/[^/]+\/aliases\/[^/]+$/, 'PUT', 'UpdateAlias'],
    [/^\/2015-03-31\/functions\/[^/]+\/versions$/, 'GET', 'ListVersionsByFunction'],
    [/^\/2015-03-31\/functions\/[^/]+\/configuration$/, 'GET', 'GetFunctionConfiguration'],
    [/^\/2015-03-31\/functions\/[^/]+\/invocations$/, 'POST', 'Invoke'],
    [/^\/2015-03-31\/functions\/[^/]+$/, 'DELETE', 'DeleteFunction'],
    [/^\/v1\/deregisterjobdefinition$/, 'POST', 'DeregisterJobDefinition'],
    [/^\/v1\/describejobdefinitions$/, 'POST', 'DescribeJobDefinitions'],
    [/^\/v1\//, 'POST', 'Batch'],
    [/^\/.+/, 'PUT', 'PutObject'],
    [/^\/.+/, 'GET', 'GetObject'],
    [/^\/.+/, 'HEAD', 'HeadObject'],
  ];
  return known.find(([pattern, verb]) => verb === method && pattern.test(path))?.[2] ?? `${method} ${path}`;
}

/** AccessDenied in the service's own format. */
function refusal({ headers, url = '' }: IncomingMessage, operation: string) {
  const service = /\/\d{8}\/[^/]+\/([^/]+)\//.exec(headers.authorization ?? '')?.[1] ?? 'service';
  const message = `User: arn:aws:iam::123456789012:user/operator is not authorized to perform: ${service}:${operation}`;
  if (service === 's3') {
    const text = `<?xml version="1.0"?><Error><Code>AccessDenied</Code><Message>${message}</Message></Error>`;
    return { status: 403, headers: { 'content-type': 'application/xml' }, text };
  }
  if (service === 'cloudformation' || service === 'sts') {
    const text = `<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>${message}</Message></Error></ErrorResponse>`;
    return { status: 403, headers: { 'content-type': 'text/xml' }, text };
  }
  const name = service === 'states' || service === 'sqs' ? 'AccessDeniedException' : 'AccessDeniedException';
  return {
    status: url.startsWith('/20') || url.startsWith('/v1') ? 403 : 400,
    headers: { 'content-type': 'application/json', 'x-amzn-errortype': name },
    text: JSON.stringify({ __type: name, message, Message: message }),
  };
}
