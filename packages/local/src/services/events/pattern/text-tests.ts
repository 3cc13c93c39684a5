import { BlockList, isIP } from 'node:net';
import type { TextTest } from './pattern.js';

/** Folds case as EventBridge does for comparisons that ignore it. */
const fold = (text: string) => text.toLowerCase();

export const prefixTest =
  (prefix: string): TextTest =>
  (text) =>
    text.startsWith(prefix);

export const suffixTest =
  (suffix: string): TextTest =>
  (text) =>
    text.endsWith(suffix);

export const foldedTest =
  (expected: string): TextTest =>
  (text) =>
    fold(text) === fold(expected);

export const foldedPrefixTest =
  (prefix: string): TextTest =>
  (text) =>
    fold(text).startsWith(fold(prefix));

export const foldedSuffixTest =
  (suffix: string): TextTest =>
  (text) =>
    fold(text).endsWith(fold(suffix));

/**
 * A wildcard: `*` matches any text, `\*` and `\\` are the literal characters. The pieces between the stars are searched
 * from left to right, so the work is bounded by the length of the text, whatever the pattern.
 *
 * @returns undefined for a backslash before any other character, or two stars in a row, which EventBridge rejects
 */
export function wildcardTest(pattern: string): TextTest | undefined {
  if (/^(?:[^*\\]|\*(?!\*)|\\[*\\])*$/.test(pattern) === false) return undefined;
  const pieces: string[] = [''];
  for (const [token] of pattern.matchAll(/\\[*\\]|[^\\]/gsu)) {
    if (token === '*') pieces.push('');
    else pieces[pieces.length - 1] += token.length === 2 && token.startsWith('\\') ? token.slice(1) : token;
  }
  const [first = '', ...rest] = pieces;
  const last = rest.pop();
  if (last === undefined) return (text) => text === first;
  return (text) => {
    if (!text.startsWith(first) || !text.endsWith(last) || text.length < first.length + last.length) return false;
    const end = text.length - last.length;
    let position = first.length;
    for (const piece of rest) {
      const at = text.indexOf(piece, position);
      if (at < 0 || at + piece.length > end) return false;
      position = at + piece.length;
    }
    return true;
  };
}

/** @returns undefined when the text is not an address range such as `10.0.0.0/24` */
export function cidrTest(range: string): TextTest | undefined {
  const [network = '', bits = ''] = range.split('/');
  const family = isIP(network);
  if (family === 0 || !/^\d{1,3}$/.test(bits) || Number(bits) > (family === 4 ? 32 : 128)) return undefined;
  const list = new BlockList();
  list.addSubnet(network, Number(bits), family === 4 ? 'ipv4' : 'ipv6');
  return (text) => {
    const version = isIP(text);
    return version !== 0 && list.check(text, version === 4 ? 'ipv4' : 'ipv6');
  };
}
