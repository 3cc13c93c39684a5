/** A running CRC. */
export interface Crc {
  update(chunk: Uint8Array): void;
  /** Big-endian bytes, as S3 encodes them. */
  digest(): Buffer;
}

/** Reflected polynomials, as bit patterns. */
export const polynomials = {
  CRC32: 0xedb88320n,
  CRC32C: 0x82f63b78n,
  CRC64NVME: 0x9a6c9329ac4bc9b5n,
} as const;

/** Slicing-by-8: table[k][byte] is the effect of `byte`, k bytes before the end of a block of eight. */
function tables(polynomial: bigint): { low: Int32Array; high: Int32Array } {
  const low = new Int32Array(8 * 256);
  const high = new Int32Array(8 * 256);
  const table: bigint[] = [];
  for (let byte = 0; byte < 256; byte += 1) {
    let value = BigInt(byte);
    for (let bit = 0; bit < 8; bit += 1) value = value & 1n ? (value >> 1n) ^ polynomial : value >> 1n;
    table.push(value);
  }
  for (let byte = 0; byte < 256; byte += 1) {
    let value = table[byte] ?? 0n;
    for (let slice = 0; slice < 8; slice += 1) {
      low[slice * 256 + byte] = Number(BigInt.asIntN(32, value));
      high[slice * 256 + byte] = Number(BigInt.asIntN(32, value >> 32n));
      value = (value >> 8n) ^ (table[Number(value & 0xffn)] ?? 0n);
    }
  }
  return { low, high };
}

const tablesOf = new Map<bigint, { low: Int32Array; high: Int32Array }>();

/**
 * A CRC of 32 or 64 bits over a reflected polynomial, with all bits set at the start and inverted at the end. Eight
 * bytes at a time: JavaScript has no 64-bit integers that are fast, so the register is two halves.
 */
export class SlicingCrc implements Crc {
  readonly #bytes: 4 | 8;
  readonly #low: Int32Array;
  readonly #high: Int32Array;
  #registerLow = -1;
  #registerHigh: number;

  constructor(polynomial: bigint, bytes: 4 | 8) {
    let found = tablesOf.get(polynomial);
    if (found === undefined) {
      found = tables(polynomial);
      tablesOf.set(polynomial, found);
    }
    this.#low = found.low;
    this.#high = found.high;
    this.#bytes = bytes;
    this.#registerHigh = bytes === 8 ? -1 : 0;
  }

  update(chunk: Uint8Array): void {
    const low = this.#low;
    const high = this.#high;
    let a = this.#registerLow;
    let b = this.#registerHigh;
    let index = 0;
    const blocks = chunk.length - (chunk.length % 8);
    const at = (position: number): number => chunk[position] ?? 0;
    for (; index < blocks; index += 8) {
      a ^= at(index) | (at(index + 1) << 8) | (at(index + 2) << 16) | (at(index + 3) << 24);
      b ^= at(index + 4) | (at(index + 5) << 8) | (at(index + 6) << 16) | (at(index + 7) << 24);
      const i7 = 1792 + (a & 255);
      const i6 = 1536 + ((a >>> 8) & 255);
      const i5 = 1280 + ((a >>> 16) & 255);
      const i4 = 1024 + (a >>> 24);
      const i3 = 768 + (b & 255);
      const i2 = 512 + ((b >>> 8) & 255);
      const i1 = 256 + ((b >>> 16) & 255);
      const i0 = b >>> 24;
      a = xor8(low, i0, i1, i2, i3, i4, i5, i6, i7);
      b = xor8(high, i0, i1, i2, i3, i4, i5, i6, i7);
    }
    for (; index < chunk.length; index += 1) {
      const entry = (a ^ at(index)) & 255;
      a = ((a >>> 8) | (b << 24)) ^ (low[entry] ?? 0);
      b = (b >>> 8) ^ (high[entry] ?? 0);
    }
    this.#registerLow = a;
    this.#registerHigh = b;
  }

  digest(): Buffer {
    const result = Buffer.alloc(this.#bytes);
    result.writeInt32BE(~this.#registerLow, this.#bytes - 4);
    if (this.#bytes === 8) result.writeInt32BE(~this.#registerHigh, 0);
    return result;
  }
}

function xor8(
  table: Int32Array,
  i0: number,
  i1: number,
  i2: number,
  i3: number,
  i4: number,
  i5: number,
  i6: number,
  i7: number,
): number {
  return (
    (table[i0] ?? 0) ^
    (table[i1] ?? 0) ^
    (table[i2] ?? 0) ^
    (table[i3] ?? 0) ^
    (table[i4] ?? 0) ^
    (table[i5] ?? 0) ^
    (table[i6] ?? 0) ^
    (table[i7] ?? 0)
  );
}
