import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AwsChunkedDecoder } from '../../../src/services/s3/http/aws-chunked.js';

interface Encoding {
  readonly signed: boolean;
  readonly trailers: readonly (readonly [string, string])[];
  readonly newline: string;
}

/** Encodes content like a client, in the variants of the protocol. */
function encode(chunks: readonly Uint8Array[], { signed, trailers, newline }: Encoding): Buffer {
  const signature = signed ? `;chunk-signature=${'0'.repeat(64)}` : '';
  const parts: Uint8Array[] = [];
  for (const chunk of chunks.filter(({ length }) => length > 0))
    parts.push(Buffer.from(`${chunk.length.toString(16)}${signature}\r\n`), chunk, Buffer.from('\r\n'));
  parts.push(Buffer.from(`0${signature}\r\n`));
  for (const [name, value] of trailers) parts.push(Buffer.from(`${name}:${value}${newline}`));
  parts.push(Buffer.from('\r\n'));
  return Buffer.concat(parts);
}

function decode(pieces: readonly Uint8Array[]) {
  const decoder = new AwsChunkedDecoder();
  const output: Uint8Array[] = [];
  for (const piece of pieces) output.push(...decoder.push(piece));
  decoder.end();
  return { content: Buffer.concat(output), trailers: Object.fromEntries(decoder.trailers) };
}

function split(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const positions = [...cuts.map((cut) => cut % (bytes.length + 1)), 0, bytes.length].sort((a, b) => a - b);
  return positions.slice(1).map((position, index) => bytes.subarray(positions[index], position));
}

describe('the aws-chunked decoder', () => {
  it('gives the content and the trailers back, however the input is cut', () => {
    const trailers = fc.constantFrom(
      [],
      [['x-amz-checksum-crc32', 'AAAAAA==']] as const,
      [
        ['x-amz-checksum-sha256', 'abc'],
        ['x-amz-trailer-signature', '0'.repeat(64)],
      ] as const,
    );
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 50 }), { maxLength: 5 }),
        fc.record({ signed: fc.boolean(), trailers, newline: fc.constantFrom('\r\n', '\n') }),
        fc.array(fc.nat(), { maxLength: 12 }),
        (chunks, encoding, cuts) => {
          const encoded = encode(chunks, encoding);
          const decoded = decode(split(encoded, cuts));
          expect(decoded.content).toEqual(Buffer.concat(chunks));
          expect(decoded.trailers).toEqual(Object.fromEntries(encoding.trailers));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('notices input that was cut off', () => {
    const encoded = encode([Buffer.from('hello world')], { signed: true, trailers: [], newline: '\r\n' });
    for (let length = 0; length < encoded.length - 4; length += 1)
      expect(() => decode([encoded.subarray(0, length)]), String(length)).toThrow('aws-chunked');
  });

  it.each(['zz\r\n', '-5\r\nhello\r\n', '5\r\nhelloX\r\n0\r\n\r\n', '0\r\n\r\nmore', 'x'.repeat(20_000)])(
    'refuses %j',
    (text) => {
      expect(() => decode([Buffer.from(text)])).toThrow('aws-chunked');
    },
  );
});
