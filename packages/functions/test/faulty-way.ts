import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A fault instead of a response. */
export type Fault =
  | { readonly kind: 'answer'; readonly status: number; readonly code: string }
  /** The connection breaks when the request has arrived. */
  | { readonly kind: 'cut-request' }
  /** The connection breaks when half of the response has been sent. */
  | { readonly kind: 'cut-answer' };

/** A request as passed to the fault rule. */
export interface PassingRequest {
  readonly method: string;
  /** Includes the query. */
  readonly path: string;
  /** Attempt number of this request, from 1, from the SDK's header. */
  readonly attempt: number;
}

/** An HTTP proxy to the engine that injects faults by a rule. */
export class FaultyWay {
  readonly url: string;
  /** Number of different requests and number of injected faults. */
  requests = 0;
  faults = 0;
  readonly #server: Server;
  readonly #target: string;
  #rule: (passing: PassingRequest) => Fault | undefined = () => undefined;

  private constructor(server: Server, target: string) {
    this.#server = server;
    this.#target = target;
    const address = server.address() as AddressInfo;
    this.url = `http://127.0.0.1:${address.port}`;
  }

  static async to(target: string): Promise<FaultyWay> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const way = new FaultyWay(server, target);
    server.on('request', (incoming, outgoing) => way.#pass(incoming, outgoing));
    return way;
  }

  /** Applies the rule to all requests from now on. */
  fail(rule: (passing: PassingRequest) => Fault | undefined): void {
    this.clear();
    this.#rule = rule;
  }

  clear(): void {
    this.#rule = () => undefined;
    this.requests = 0;
    this.faults = 0;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #pass(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const { method = 'GET', url: path = '/', headers } = incoming;
    const attempt = Number(/attempt=(\d+)/.exec(String(headers['amz-sdk-request']))?.[1] ?? 1);
    if (attempt === 1) this.requests += 1;
    const fault = this.#rule({ method, path, attempt });
    if (fault !== undefined) this.faults += 1;
    if (fault?.kind === 'answer' || fault?.kind === 'cut-request') {
      incoming.resume().on('end', () => refuse(fault, outgoing));
      return;
    }
    const { hostname, port } = new URL(this.#target);
    const passed = request({ hostname, port, method, path, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
      if (fault === undefined) answer.pipe(outgoing);
      else
        answer.once('data', (chunk: Buffer) => {
          outgoing.write(chunk.subarray(0, chunk.length / 2), () => outgoing.destroy());
          answer.destroy();
        });
    });
    passed.on('error', () => outgoing.destroy());
    incoming.pipe(passed);
  }
}

function refuse(fault: Exclude<Fault, { kind: 'cut-answer' }>, outgoing: ServerResponse): void {
  if (fault.kind === 'cut-request') {
    outgoing.destroy();
    return;
  }
  const body = `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${fault.code}</Code><Message>Please try again.</Message></Error>`;
  outgoing.writeHead(fault.status, { 'content-type': 'application/xml' }).end(body);
}
