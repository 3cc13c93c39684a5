/**
 * The CRC of a content from the CRCs of its two pieces, without its bytes: appending n bytes multiplies the first CRC by
 * x^(8n) modulo the polynomial. This is how a multi-part upload gets its full-object checksum.
 *
 * @param polynomial reflected, as in `polynomials`.
 * @param bits 32 or 64.
 * @param secondBytes the length of the second piece, in bytes.
 */
export function combineCrc(
  polynomial: bigint,
  bits: 32 | 64,
  first: bigint,
  second: bigint,
  secondBytes: number,
): bigint {
  return multiply(polynomial, bits, powerOfX(polynomial, bits, BigInt(secondBytes) * 8n), first) ^ second;
}

/** x^exponent modulo the polynomial, by squaring. In the reflected form the highest bit is x^0. */
function powerOfX(polynomial: bigint, bits: 32 | 64, exponent: bigint): bigint {
  const one = 1n << BigInt(bits - 1);
  let result = one;
  let square = one >> 1n;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = multiply(polynomial, bits, result, square);
    square = multiply(polynomial, bits, square, square);
  }
  return result;
}

function multiply(polynomial: bigint, bits: 32 | 64, left: bigint, right: bigint): bigint {
  let product = 0n;
  let shifted = right;
  for (let bit = BigInt(bits - 1); bit >= 0n; bit -= 1n) {
    if ((left >> bit) & 1n) product ^= shifted;
    shifted = shifted & 1n ? (shifted >> 1n) ^ polynomial : shifted >> 1n;
  }
  return product;
}
