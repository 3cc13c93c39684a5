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
 * @returns EventBridge's reason to reject a backslash before any other character, two stars in a row, or a pattern that
 *   is too complex
 */
export function wildcardTest(pattern: string): TextTest | string {
  const invalid = invalidWildcard(pattern);
  if (invalid !== undefined) return invalid;
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

// EventBridge does not say where its limit is: one such pattern with five stars was seen to be refused.
const mostAlike = 4;

function invalidWildcard(pattern: string): string | undefined {
  const followers = new Map<string, number>();
  for (const { 0: token, index } of pattern.matchAll(/\\?[\s\S]/gu)) {
    if (/^\\[^*\\]?$/.test(token)) return `Invalid escape character at pos ${index}`;
    const next = pattern.charAt(index + 1);
    if (token !== '*' || next === '') continue;
    if (next === '*') return `Consecutive wildcard characters at pos ${index + 1}`;
    followers.set(next, (followers.get(next) ?? 0) + 1);
  }
  // Each star before the same character doubles what has to be tried.
  return [...followers.values()].some((count) => count > mostAlike)
    ? 'Rule is too complex - try using fewer wildcard characters or fewer repeating character sequences after a wildcard character'
    : undefined;
}

/** @returns EventBridge's reason to reject text that is not an address range such as `10.0.0.0/24` */
export function cidrTest(range: string): TextTest | string {
  const [network = '', bits = '', ...more] = range.split('/');
  if (more.length > 0 || !range.includes('/')) return "Malformed CIDR, one '/' required";
  if (!/^-?\d+$/.test(bits)) return 'Malformed CIDR, mask bits must be an integer';
  const family = isIP(network);
  if (family === 0) return `Nonstandard IP address: ${network}`;
  if (Number(bits) < 0) return 'Malformed CIDR, mask bits must not be negative';
  const most = family === 4 ? 32 : 128;
  if (Number(bits) > most) return `IPv${family} mask bits must be < ${most + 1}`;
  const list = new BlockList();
  list.addSubnet(network, Number(bits), family === 4 ? 'ipv4' : 'ipv6');
  return (text) => {
    const version = isIP(text);
    return version !== 0 && list.check(text, version === 4 ? 'ipv4' : 'ipv6');
  };
}
