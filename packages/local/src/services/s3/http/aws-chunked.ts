import { S3Error } from '../errors.js';

/** Far beyond any chunk header or trailer that clients send. */
const maximumLine = 16 * 1024;

type State =
  | { readonly kind: 'size' }
  | { readonly kind: 'data'; remaining: number }
  | { readonly kind: 'data-end' }
  | { readonly kind: 'trailer' }
  | { readonly kind: 'done' };

/**
 * Decodes `Content-Encoding: aws-chunked`: chunks of `hex-size[;chunk-signature=…] CRLF data CRLF`, a chunk of size 0,
 * then trailing headers. One parser for the signed, the unsigned and the trailing variants, with input chunks of any
 * size. Signatures are not checked: the engine checks no credentials.
 */
export class AwsChunkedDecoder {
  readonly trailers = new Map<string, string>();
  #state: State = { kind: 'size' };
  #line = '';

  /** The decoded bytes of an input chunk: views of it, without copying. @throws S3Error `IncompleteBody` */
  push(input: Uint8Array): Uint8Array[] {
    const output: Uint8Array[] = [];
    let offset = 0;
    while (offset < input.length) {
      const state = this.#state;
      if (state.kind === 'done') throw malformed('there are bytes after its end');
      if (state.kind === 'data') {
        const taken = input.subarray(offset, offset + state.remaining);
        output.push(taken);
        offset += taken.length;
        state.remaining -= taken.length;
        if (state.remaining === 0) this.#state = { kind: 'data-end' };
        continue;
      }
      const end = input.indexOf(0x0a, offset);
      const stop = end < 0 ? input.length : end;
      if (this.#line.length + stop - offset > maximumLine) throw malformed('a line of it is too long');
      this.#line += Buffer.from(input.buffer, input.byteOffset + offset, stop - offset).toString('latin1');
      offset = stop + 1;
      if (end < 0) break;
      const line = this.#line.endsWith('\r') ? this.#line.slice(0, -1) : this.#line;
      this.#line = '';
      this.#state = this.#next(state.kind, line);
    }
    return output;
  }

  /** @throws S3Error `IncompleteBody` when the last chunk is missing */
  end(): void {
    // Some clients omit the empty line after the trailers.
    if (this.#state.kind === 'trailer' && this.#line !== '') this.#readTrailer(this.#line.replace(/\r$/, ''));
    if (this.#state.kind !== 'done' && this.#state.kind !== 'trailer')
      throw malformed('it ends in the middle of a chunk');
  }

  #next(kind: 'size' | 'data-end' | 'trailer', line: string): State {
    switch (kind) {
      case 'size': {
        const hex = line.split(';', 1)[0]?.trim() ?? '';
        if (!/^[0-9a-fA-F]{1,12}$/.test(hex)) throw malformed('a chunk does not begin with its size');
        const remaining = Number.parseInt(hex, 16);
        return remaining === 0 ? { kind: 'trailer' } : { kind: 'data', remaining };
      }
      case 'data-end':
        if (line !== '') throw malformed('a chunk is longer than its size says');
        return { kind: 'size' };
      case 'trailer':
        if (line === '') return { kind: 'done' };
        this.#readTrailer(line);
        return { kind: 'trailer' };
    }
  }

  #readTrailer(line: string): void {
    const colon = line.indexOf(':');
    if (colon <= 0)
      throw new S3Error('MalformedTrailerError', 'The request contained trailing data that was not well-formed.');
    this.trailers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
  }
}

const malformed = (detail: string): S3Error =>
  new S3Error('IncompleteBody', `The body is not what its aws-chunked encoding promises: ${detail}.`);
