import type { IncomingMessage } from 'node:http';
import { AwsError } from './aws-error.js';

/** Limits on the time and the memory that clients take with requests that they don't finish. */
export interface BodyLimits {
  /** Milliseconds for the headers of a request. */
  readonly headersMs: number;
  /** Milliseconds after which the progress of a body is checked, again and again. */
  readonly progressMs: number;
  /** Bytes that must arrive between two checks. */
  readonly progressBytes: number;
  /** Milliseconds for a whole body that is kept in memory. */
  readonly wholeMs: number;
  /** Milliseconds for which the unread rest of an answered request is read and dropped. */
  readonly lingerMs: number;
  /** Bytes of all bodies in memory that are not finished. */
  readonly memoryBytes: number;
}

/** Lambda accepts 50 MiB of zipped code, sent as base64 inside JSON; nothing else comes near that size. */
const largestBodyBytes = 80 << 20;

/** The limits of an engine. */
export const usualBodyLimits: BodyLimits = {
  headersMs: 30_000,
  progressMs: 60_000,
  progressBytes: 1024,
  wholeMs: 300_000,
  lingerMs: 30_000,
  memoryBytes: 4 * largestBodyBytes,
};

type TimeoutError = (message: string) => AwsError;

const timeout: TimeoutError = (message) => new AwsError('RequestTimeoutException', message, { status: 408 });

/** Reads the bodies of an engine's requests, within its limits. */
export class Bodies {
  readonly #limits: BodyLimits;
  #held = 0;

  constructor(limits: BodyLimits) {
    this.#limits = limits;
  }

  /**
   * The chunks of a body. A reader that stops early leaves the connection open, for the answer.
   *
   * @param timedOut creates the error for a client that sends nothing more, or too slowly, in the words of its service
   */
  async *stream(request: IncomingMessage, timedOut: TimeoutError = timeout): AsyncGenerator<Buffer> {
    const chunks = request.iterator({ destroyOnReturn: false });
    let fail: (error: AwsError) => void = () => undefined;
    const { progressMs, progressBytes } = this.#limits;
    let seen = request.socket.bytesRead;
    const check = setInterval(() => {
      const arrived = request.socket.bytesRead - seen;
      seen = request.socket.bytesRead;
      // A full buffer waits for the engine, not for the client.
      if (arrived >= progressBytes || request.complete || request.readableLength >= request.readableHighWaterMark)
        return;
      fail(
        timedOut(`The body of the request did not end, and ${arrived} bytes of it arrived in ${progressMs / 1000} s.`),
      );
    }, progressMs).unref();
    try {
      for (;;) {
        const next = await new Promise<IteratorResult<Buffer>>((resolve, reject) => {
          fail = reject;
          chunks.next().then(resolve, reject);
        });
        if (next.done === true) return;
        yield next.value;
      }
    } finally {
      clearInterval(check);
    }
  }

  /**
   * Reads a whole body.
   *
   * @throws AwsError `RequestEntityTooLargeException` above 80 MiB, `ServiceUnavailable` when too much is being read,
   * `RequestTimeoutException` when the body does not end
   */
  async whole(request: IncomingMessage): Promise<Buffer> {
    const chunks: Buffer[] = [];
    const until = performance.now() + this.#limits.wholeMs;
    const hold = this.holder();
    try {
      for await (const chunk of this.stream(request)) {
        if (hold.add(chunk.length) > largestBodyBytes)
          throw new AwsError(
            'RequestEntityTooLargeException',
            `The request is larger than ${largestBodyBytes} bytes.`,
            {
              status: 413,
            },
          );
        if (performance.now() > until)
          throw timeout(`The body of the request did not end in ${this.#limits.wholeMs / 1000} s.`);
        chunks.push(chunk);
      }
    } finally {
      hold.release();
    }
    const [only] = chunks;
    return chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks);
  }

  /**
   * Counts the bytes of one unfinished body in memory. `add` returns its bytes so far.
   *
   * @throws AwsError from `add`: `ServiceUnavailable` when all bodies together exceed the limit
   */
  holder(): { readonly add: (bytes: number) => number; readonly release: () => void } {
    let own = 0;
    return {
      add: (bytes) => {
        own += bytes;
        this.#held += bytes;
        if (this.#held > this.#limits.memoryBytes)
          throw new AwsError(
            'ServiceUnavailable',
            'The engine is reading too many request bodies at once. Try again.',
            {
              status: 503,
            },
          );
        return own;
      },
      release: () => {
        this.#held -= own;
        own = 0;
      },
    };
  }

  /**
   * Reads and drops the rest of the body of an answered request, so that its client reads the answer instead of finding
   * a broken pipe; ends the connection of a client that goes on for too long.
   */
  drop(request: IncomingMessage): void {
    if (request.complete || request.destroyed) return;
    request.resume();
    const end = setTimeout(() => request.destroy(), this.#limits.lingerMs).unref();
    request.once('close', () => clearTimeout(end));
  }
}
