/**
 * Compares two keys as S3 sorts listings: by their UTF-8 bytes. JavaScript compares UTF-16 units, which puts characters
 * beyond U+FFFF (surrogates, 0xD800…) before U+E000…U+FFFF; UTF-8 puts them after.
 *
 * @returns negative, zero or positive.
 */
export function compareKeys(left: string, right: string): number {
  if (left === right) return 0;
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index += 1) {
    const a = left.charCodeAt(index);
    const b = right.charCodeAt(index);
    if (a !== b) return rank(a) - rank(b);
  }
  return left.length - right.length;
}

const rank = (unit: number): number => (unit < 0xd800 ? unit : unit < 0xe000 ? unit + 0x2000 : unit - 0x800);
