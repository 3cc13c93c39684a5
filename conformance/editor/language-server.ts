import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(
  new URL('../node_modules/yaml-language-server/bin/yaml-language-server', import.meta.url),
);

export interface Position {
  /** From 0. */
  readonly line: number;
  readonly character: number;
}

export interface Finding {
  readonly message: string;
  readonly range: { readonly start: Position; readonly end: Position };
}

/** The server's messages; only the fields that the tests read. */
interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

/** The YAML language server as an editor runs it: a process that speaks the Language Server Protocol over stdio. */
export class LanguageServer {
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #answers = new Map<number, (message: Message) => void>();
  readonly #findings = new Map<string, Finding[]>();
  #received = Buffer.alloc(0);
  #lastId = 0;

  private constructor() {
    this.#process = spawn(process.execPath, [program, '--stdio']);
    this.#process.stdout.on('data', (chunk: Buffer) => {
      this.#received = Buffer.concat([this.#received, chunk]);
      for (let message = this.#next(); message !== undefined; message = this.#next()) this.#take(message);
    });
    this.#process.stderr.resume();
  }

  static async start(): Promise<LanguageServer> {
    const server = new LanguageServer();
    await server.#request('initialize', {
      processId: process.pid,
      rootUri: null,
      capabilities: {
        textDocument: {
          completion: { completionItem: { documentationFormat: ['markdown'] } },
          hover: { contentFormat: ['markdown'] },
        },
      },
    });
    server.#notify('initialized', {});
    return server;
  }

  open(uri: string, text: string): void {
    this.#notify('textDocument/didOpen', { textDocument: { uri, languageId: 'yaml', version: 1, text } });
  }

  /** The server's diagnostics for a document, once they have arrived. */
  async findings(uri: string): Promise<readonly Finding[]> {
    const deadline = Date.now() + 30_000;
    for (;;) {
      const found = this.#findings.get(uri);
      if (found !== undefined) return found;
      if (Date.now() > deadline) throw new Error(`The language server said nothing about ${uri} in 30 s.`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** The labels of an editor's completions at a position. */
  async complete(uri: string, position: Position): Promise<readonly string[]> {
    const result = await this.#request('textDocument/completion', { textDocument: { uri }, position });
    const items = Array.isArray(result)
      ? result
      : isObject(result) && Array.isArray(result['items'])
        ? result['items']
        : [];
    return items.flatMap((item: unknown) => (isObject(item) ? [String(item['label'])] : []));
  }

  /** The hover text at a position. */
  async hover(uri: string, position: Position): Promise<string> {
    return JSON.stringify(await this.#request('textDocument/hover', { textDocument: { uri }, position }));
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.#process.once('close', resolve));
    await this.#request('shutdown', undefined);
    this.#notify('exit', undefined);
    await ended;
  }

  #request(method: string, params: unknown): Promise<unknown> {
    this.#lastId += 1;
    const id = this.#lastId;
    this.#send({ jsonrpc: '2.0', id, method, params });
    return new Promise((resolve, reject) => {
      this.#answers.set(id, ({ result, error }) =>
        error === undefined ? resolve(result) : reject(new Error(`${method}: ${error.message}`)),
      );
    });
  }

  #notify(method: string, params: unknown): void {
    this.#send({ jsonrpc: '2.0', method, params });
  }

  #send(message: object): void {
    const body = JSON.stringify(message);
    this.#process.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  }

  /** A complete message, or undefined while parts are missing. */
  #next(): Message | undefined {
    const end = this.#received.indexOf('\r\n\r\n');
    if (end < 0) return undefined;
    const length = Number(/Content-Length: (\d+)/.exec(this.#received.toString('utf8', 0, end))?.[1]);
    const start = end + 4;
    if (this.#received.length < start + length) return undefined;
    const body = this.#received.toString('utf8', start, start + length);
    this.#received = this.#received.subarray(start + length);
    return JSON.parse(body);
  }

  #take(message: Message): void {
    const { id, method, params } = message;
    if (method === undefined) {
      if (id !== undefined) this.#answers.get(id)?.(message);
      return;
    }
    if (method === 'textDocument/publishDiagnostics' && isObject(params) && Array.isArray(params['diagnostics']))
      this.#findings.set(String(params['uri']), params['diagnostics']);
    // It requests the editor's settings: there are none.
    if (id !== undefined)
      this.#send({
        jsonrpc: '2.0',
        id,
        result: method === 'workspace/configuration' ? [{}, {}, {}, {}, {}, {}] : null,
      });
  }
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
