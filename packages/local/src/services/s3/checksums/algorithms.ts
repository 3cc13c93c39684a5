import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { combineCrc } from './combine.js';
import { type Crc, polynomials, SlicingCrc } from './crc.js';

/** The checksum algorithms of S3 that the engine supports, in S3's spelling. */
export const checksumAlgorithms = ['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const;
export type ChecksumAlgorithm = (typeof checksumAlgorithms)[number];

/** S3's default when the client sends no checksum. */
export const defaultAlgorithm: ChecksumAlgorithm = 'CRC64NVME';

export const isChecksumAlgorithm = (name: string): name is ChecksumAlgorithm =>
  checksumAlgorithms.some((algorithm) => algorithm === name);

/** `x-amz-checksum-crc32` and similar. */
export const checksumHeader = (algorithm: ChecksumAlgorithm): string => `x-amz-checksum-${algorithm.toLowerCase()}`;

/** A digest that is updated chunk by chunk. */
export function createChecksum(algorithm: ChecksumAlgorithm): Crc {
  switch (algorithm) {
    case 'CRC32':
      return new ZlibCrc32();
    case 'CRC32C':
      return new SlicingCrc(polynomials.CRC32C, 4);
    case 'CRC64NVME':
      return new SlicingCrc(polynomials.CRC64NVME, 8);
    case 'SHA1':
      return createHash('sha1');
    case 'SHA256':
      return createHash('sha256');
  }
}

/** Length of the algorithm's result, in bytes. */
export function checksumBytes(algorithm: ChecksumAlgorithm): number {
  switch (algorithm) {
    case 'CRC32':
    case 'CRC32C':
      return 4;
    case 'CRC64NVME':
      return 8;
    case 'SHA1':
      return 20;
    case 'SHA256':
      return 32;
  }
}

class ZlibCrc32 implements Crc {
  #value = 0;

  update(chunk: Uint8Array): void {
    this.#value = crc32(chunk, this.#value);
  }

  digest(): Buffer {
    const result = Buffer.alloc(4);
    result.writeUInt32BE(this.#value);
    return result;
  }
}

/** The checksum of an object from its parts' checksums, with the suffix `-N`. */
export function compositeChecksum(algorithm: ChecksumAlgorithm, parts: readonly string[]): string {
  const checksum = createChecksum(algorithm);
  for (const part of parts) checksum.update(Buffer.from(part, 'base64'));
  return `${checksum.digest().toString('base64')}-${parts.length}`;
}

/** The checksum of the whole content from its parts' checksums; only possible for CRCs. */
export function fullObjectChecksum(
  algorithm: 'CRC32' | 'CRC32C' | 'CRC64NVME',
  parts: readonly { readonly checksum: string; readonly size: number }[],
): string {
  const polynomial = polynomials[algorithm];
  const bits = algorithm === 'CRC64NVME' ? 64 : 32;
  let value = 0n;
  for (const { checksum, size } of parts) {
    const next = BigInt(`0x${Buffer.from(checksum, 'base64').toString('hex')}`);
    value = combineCrc(polynomial, bits, value, next, size);
  }
  return Buffer.from(value.toString(16).padStart(bits / 4, '0'), 'hex').toString('base64');
}
