import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';

/** The fault applied to a request. */
export type Fate =
  /** It reaches S3. */
  | 'pass'
  /** It gets a status and S3's error code. */
  | { readonly status: number; readonly code: string }
  /** Its response breaks off in the middle of the body. */
  | 'break'
  /** It gets no response and never reaches S3. */
  | 'hold'
  /** S3 gets the beginning of its body and then a broken connection, and so does the client. */
  | 'cut'
  /** S3 gets the beginning of its body and waits for the rest. */
  | 'stall';

/** A request as S3 received it, in order of arrival. */
export interface SeenRequest {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  /** The Range header, e.g. `bytes=0-99`. */
  readonly range: string | undefined;
}

/** A proxy in front of S3 that simulates faults of networks and busy services. */
export class FaultProxy {
  readonly url: string;
  readonly seen: SeenRequest[] = [];
  /** Selects the fault for each request; the number counts from 1. */
  fate: (request: SeenRequest, number: number) => Fate = () => 'pass';
  readonly #server: Server;

  private constructor(server: Server, url: string) {
    this.#server = server;
    this.url = url;
  }

  static async start(upstream: string): Promise<FaultProxy> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('the proxy has no port');
    const proxy = new FaultProxy(server, `http://127.0.0.1:${address.port}`);
    server.on('request', (incoming, answer) => proxy.#take(new URL(upstream), incoming, answer));
    return proxy;
  }

  /** Clears the recorded requests and lets everything pass. */
  reset(): void {
    this.seen.length = 0;
    this.fate = () => 'pass';
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #take({ hostname, port }: URL, incoming: IncomingMessage, answer: ServerResponse): void {
    const seen = { method: incoming.method ?? '', target: incoming.url ?? '', range: incoming.headers.range };
    this.seen.push(seen);
    const fate = this.fate(seen, this.seen.length);
    if (fate === 'hold') return;
    if (typeof fate === 'object') {
      incoming.resume();
      answer.writeHead(fate.status, { 'content-type': 'application/xml', connection: 'close' });
      answer.end(`<Error><Code>${fate.code}</Code><Message>Please try again.</Message></Error>`);
      return;
    }
    const { headers } = incoming;
    const onward = request({ hostname, port, path: seen.target, method: seen.method, headers }, (reply) => {
      answer.writeHead(reply.statusCode ?? 500, reply.rawHeaders);
      if (fate === 'break') {
        reply.once('data', (chunk: Buffer) => {
          answer.write(chunk.subarray(0, chunk.length / 2), () => answer.destroy());
          reply.destroy();
        });
      } else reply.pipe(answer);
    });
    onward.on('error', () => answer.destroy());
    answer.on('close', () => onward.destroy());
    if (fate === 'cut' || fate === 'stall') {
      incoming.once('data', (chunk: Buffer) => {
        incoming.pause();
        onward.write(chunk.subarray(0, chunk.length / 2), () => {
          if (fate === 'cut') answer.destroy();
        });
      });
    } else incoming.pipe(onward);
  }
}
