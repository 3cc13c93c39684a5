import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Authority } from '../kernel/access/authority.js';
import type { Caller } from '../kernel/access/caller.js';
import type { CallCounts } from '../kernel/call-counts.js';
import type { RateLimits } from '../kernel/rates/rate-limits.js';
import type { Log, Service } from '../kernel/service.js';
import { AwsError } from './aws-error.js';
import { awsJsonProtocol } from './aws-json.js';
import { Bodies, type BodyLimits, usualBodyLimits } from './bodies.js';
import { type Addressed, looksLikeQuery, type Signature, signatureOf } from './destination.js';
import { type KnownHosts, pageHeaders, refuseForeignPages } from './guard.js';
import type { Protocol, WireRequest, WireResponse } from './message.js';
import { queryProtocol } from './query.js';
import { type RestJsonProtocol, restJsonProtocol } from './rest-json.js';

/** A service that reads requests and writes answers itself: S3, whose objects are streamed. */
export interface HttpService extends Service {
  /**
   * @param signature the request's signature; `undefined` if unsigned: the service must reject it
   * @param gate asked before the operation runs
   * @param bodies reads the request's body
   */
  handle(
    request: IncomingMessage,
    response: ServerResponse,
    signature: Signature | undefined,
    gate: Gate,
    bodies: Bodies,
  ): Promise<void>;
}

/** Stands between a request and the operation that it calls. */
export interface Gate {
  readonly caller: Caller;
  /**
   * Counts a call.
   *
   * @throws AwsError when the caller may not make it
   */
  admit(operation: string, input: unknown): void;
  /** Returns an error as the caller may see it. */
  shown(operation: string, input: unknown, error: unknown): unknown;
}

/** Pages by name; each receives the query string. */
export type Pages = Readonly<Record<string, (query: URLSearchParams) => unknown>>;

/** A service with data that no operation of AWS's API returns. */
export interface PageService extends Service {
  readonly pages: Pages;
}

/** Options of the server. */
export interface WireOptions {
  readonly services: ReadonlyMap<string, Service>;
  /** Returns a service of a region; those of every region have the same operations. */
  readonly serviceIn: (region: string, service: string) => Promise<Service | undefined>;
  /** The engine's own pages: `GET /_bclaw/<name>` returns JSON. Services add theirs, see {@link PageService}. */
  readonly ownPages: Pages;
  /** Counts the clients' calls. */
  readonly calls: CallCounts;
  /** Refuses calls that come too often. */
  readonly limits: RateLimits;
  /** Decides who may call what. */
  readonly iam: Authority;
  /** Decides it in a region. */
  readonly iamIn: (region: string) => Promise<Authority>;
  /** Requests wait for this promise: until it resolves, services may not have restored their state. */
  readonly ready: Promise<void>;
  /** Called before every answer, so that an operation's changes are recorded before its caller gets the result. */
  readonly flush: () => Promise<void>;
  /** The hosts that requests may use. */
  readonly knownHosts: KnownHosts;
  /** Limits on unfinished requests. Default: {@link usualBodyLimits}. */
  readonly bodyLimits?: BodyLimits;
  readonly log: Log;
}

/** For requests to services that the engine does not have: clients can parse errors only in their own protocol. */
const unknownJson = awsJsonProtocol({ version: '1.1' });
const unknownQuery = queryProtocol({ namespace: '' }, new Map());
const unknownRest = restJsonProtocol([]);

/** The protocols of a service. */
interface Protocols {
  readonly json: Protocol | undefined;
  readonly query: Protocol | undefined;
  readonly rest: RestJsonProtocol | undefined;
}

function protocolsOf({ json, query, operations }: Service): Protocols {
  const hasRoutes = [...operations.values()].some(({ route }) => route !== undefined);
  return {
    json: json && awsJsonProtocol(json),
    query: query && queryProtocol(query, operations),
    rest: hasRoutes ? restJsonProtocol(operations.values()) : undefined,
  };
}

/** Creates the HTTP server for AWS's protocols and the given services; it does not listen yet. */
export function createWireServer(options: WireOptions): Server {
  const wire = new Wire(options);
  const { headersMs } = options.bodyLimits ?? usualBodyLimits;
  const limits = {
    // SDKs keep connections open between calls; with Node's default of 5 s they would use closed sockets.
    keepAliveTimeout: 60_000,
    headersTimeout: headersMs,
    // A large body may take long; `bodies.ts` ends those that make no progress.
    requestTimeout: 0,
    connectionsCheckingInterval: Math.min(5_000, headersMs),
  };
  return createServer(limits, (request, response) => {
    wire.answer(request, response).catch((error: unknown) => {
      options.log.error('A request could not be answered', { url: request.url ?? '', error: String(error) });
      response.destroy();
    });
  });
}

class Wire {
  readonly #options: WireOptions;
  readonly #protocols: ReadonlyMap<string, Protocols>;
  readonly #pages = new Map<string, Pages[string]>();
  readonly #bodies: Bodies;

  constructor(options: WireOptions) {
    this.#options = options;
    this.#bodies = new Bodies(options.bodyLimits ?? usualBodyLimits);
    const pages = [
      options.ownPages,
      ...[...options.services.values()].filter(hasPages).map((service) => service.pages),
    ];
    for (const [name, page] of pages.flatMap((own) => Object.entries(own))) this.#pages.set(`/_bclaw/${name}`, page);
    this.#protocols = new Map([...options.services.values()].map((service) => [service.name, protocolsOf(service)]));
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const addressed = address(request);
    const requestId = randomUUID();
    let protocol: Protocol = unknownJson;
    try {
      for (const [name, value] of Object.entries(pageHeaders)) response.setHeader(name, value);
      refuseForeignPages(request.headers, this.#options.knownHosts);
      await this.#options.ready;
      if (addressed.path.startsWith('/_bclaw/')) {
        send(response, this.#ownPage(addressed, requestId));
        return;
      }
      const signature = signatureOf(addressed);
      const name = signature?.service ?? this.#presumed(addressed);
      const region = signature?.kind === 'header' ? signature.region : undefined;
      const service =
        region === undefined ? this.#options.services.get(name) : await this.#options.serviceIn(region, name);
      const iam = region === undefined ? this.#options.iam : await this.#options.iamIn(region);
      if (service !== undefined && isHttpService(service)) {
        await service.handle(request, response, signature, this.#gate(name, addressed, iam), this.#bodies);
        return;
      }
      protocol = this.#protocol(name, addressed);
      if (signature === undefined) throw unsigned(protocol);
      const wireRequest: WireRequest = { ...addressed, body: await this.#bodies.whole(request) };
      send(
        response,
        await this.#call(protocol, name, service, wireRequest, this.#gate(name, wireRequest, iam), requestId, response),
      );
    } catch (error) {
      if (response.headersSent) throw error;
      send(response, protocol.encodeError(this.#asAwsError(error, addressed), requestId));
    } finally {
      this.#bodies.drop(request);
    }
  }

  async #call(
    protocol: Protocol,
    name: string,
    service: Service | undefined,
    wireRequest: WireRequest,
    gate: Gate,
    requestId: string,
    response: ServerResponse,
  ): Promise<WireResponse> {
    if (service === undefined)
      throw new AwsError(
        protocol.unknownOperation,
        name === ''
          ? 'The credential scope of the request names no service.'
          : `The embedded engine has no service "${name}".`,
      );
    const call = protocol.decode(wireRequest);
    const operation = service.operations.get(call.operation);
    if (operation === undefined)
      throw new AwsError(
        protocol.unknownOperation,
        `The embedded engine does not have the operation ${name}:${call.operation}.`,
      );
    const left = new AbortController();
    response.once('close', () => {
      if (!response.writableFinished) left.abort();
    });
    gate.admit(call.operation, call.input);
    this.#options.limits.admit(name, call.operation);
    try {
      const output = await operation.run(call.input, { requestId, signal: left.signal, caller: gate.caller });
      return protocol.encode(call, output, requestId);
    } catch (error) {
      throw gate.shown(call.operation, call.input, error);
    } finally {
      await this.#options.flush();
    }
  }

  #gate(service: string, { headers, query }: Pick<Addressed, 'headers' | 'query'>, iam: Authority): Gate {
    const { calls } = this.#options;
    const caller = iam.callerOf(headers, query);
    return {
      caller,
      admit: (operation, input) => {
        calls.add(service, operation);
        iam.authorize(service, operation, input, caller);
      },
      shown: (operation, input, error) => iam.shown(service, operation, input, caller, error),
    };
  }

  /** The presumed service of an unsigned request, which is rejected in a shape that its client understands. */
  #presumed(addressed: Addressed): string {
    const { method, path, headers } = addressed;
    if (headers['x-amz-target'] !== undefined || looksLikeQuery(addressed)) return '';
    for (const [service, { rest }] of this.#protocols) if (rest?.knows(method, path) === true) return service;
    return 's3';
  }

  #protocol(service: string, { headers, query: parameters }: Addressed): Protocol {
    const { json, query, rest } = this.#protocols.get(service) ?? {};
    if (headers['x-amz-target'] !== undefined) return json ?? unknownJson;
    const isForm = headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true;
    return query ?? rest ?? (isForm || parameters.has('Action') ? unknownQuery : unknownRest);
  }

  #ownPage({ method, path, query }: Addressed, requestId: string): WireResponse {
    if (method !== 'GET' && method !== 'HEAD')
      throw new AwsError('MethodNotAllowed', `The embedded engine's pages are read with GET, not ${method}.`, {
        status: 405,
      });
    const page = this.#pages.get(path);
    if (page === undefined)
      throw new AwsError('NotFoundException', `The embedded engine has no page ${path}.`, { status: 404 });
    return {
      status: 200,
      headers: { 'content-type': 'application/json', 'x-amzn-requestid': requestId },
      body: `${JSON.stringify(page(query), undefined, 2)}\n`,
    };
  }

  #asAwsError(error: unknown, { method, path }: Addressed): AwsError {
    if (error instanceof AwsError) return error;
    if (error instanceof RangeError && error.message.startsWith('Maximum call stack'))
      return new AwsError('ValidationException', 'The request nests too deeply for the embedded engine.');
    const message = error instanceof Error ? error.message : String(error);
    this.#options.log.error('An operation failed unexpectedly', {
      method,
      path,
      error: error instanceof Error ? (error.stack ?? message) : message,
    });
    return new AwsError('InternalFailure', `The embedded engine failed: ${message}`, { status: 500 });
  }
}

/** Rejects an unsigned request as AWS does; each protocol has its own code. */
function unsigned(protocol: Protocol): AwsError {
  const code = protocol.unsigned;
  return new AwsError(code, 'The request is not signed: it has no Authorization header of AWS.', { status: 403 });
}

function isHttpService(service: Service): service is HttpService {
  return 'handle' in service && typeof service.handle === 'function';
}

function hasPages(service: Service): service is PageService {
  return 'pages' in service && typeof service.pages === 'object';
}

function address(request: IncomingMessage): Addressed {
  const [path = '/', query = ''] = splitOnce(request.url ?? '/', '?');
  return { method: request.method ?? 'GET', path, query: new URLSearchParams(query), headers: request.headers };
}

function splitOnce(text: string, separator: string): readonly [string, string?] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + separator.length)];
}

function send(response: ServerResponse, answer: WireResponse): void {
  if (response.destroyed) return;
  const body = typeof answer.body === 'string' ? Buffer.from(answer.body) : answer.body;
  const hasBody = answer.status !== 204 && answer.status !== 304;
  response.writeHead(answer.status, hasBody ? { ...answer.headers, 'content-length': body.length } : answer.headers);
  response.end(hasBody ? body : undefined);
}
