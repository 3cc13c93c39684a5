import type { CST } from 'yaml';
import { maxDepth } from '../limits.js';

/** Why a document must not be composed, and where. */
export interface Excess {
  readonly code: 'limit-exceeded' | 'yaml-syntax';
  readonly offset: number;
  readonly message: string;
}

/** Anchors, tags or stray scalars in one place: more than one or two are a mistake, thousands are an attack. */
const maxClutter = 100;

const blank = new Set(['space', 'comment', 'newline']);

/**
 * What makes a document too much for the YAML library's composer, which recurses into it: near the end of the stack
 * V8 may not even throw, but abort the process. So depth is measured first, on the syntax tree, without recursion.
 */
export function excessOf(tokens: readonly CST.Token[]): Excess | undefined {
  const waiting = tokens.map((token) => ({ token, depth: 0 }));
  for (let entry = waiting.pop(); entry !== undefined; entry = waiting.pop()) {
    const { token, depth } = entry;
    if (depth > maxDepth)
      return {
        code: 'limit-exceeded',
        offset: token.offset,
        message: `The template nests maps and lists more than ${maxDepth} levels deep.`,
      };
    const clutter = clutterOf(token);
    if (clutter !== undefined)
      return {
        code: 'yaml-syntax',
        offset: clutter.offset,
        message: 'This is not YAML: there is too much in one place.',
      };
    if (token.type === 'document') {
      if (token.value !== undefined) waiting.push({ token: token.value, depth });
    } else if ('items' in token) {
      for (const { key, value } of token.items) {
        if (key) waiting.push({ token: key, depth: depth + 1 });
        if (value) waiting.push({ token: value, depth: depth + 1 });
      }
    }
  }
  return undefined;
}

/** The token after which there are too many where a value's properties or its end should be. */
function clutterOf(token: CST.Token): CST.SourceToken | undefined {
  if ('items' in token)
    for (const { start, sep } of token.items) {
      const found = clutterIn(start) ?? clutterIn(sep);
      if (found !== undefined) return found;
    }
  return (
    (token.type === 'document' ? clutterIn(token.start) : undefined) ??
    ('end' in token ? clutterIn(token.end) : undefined)
  );
}

function clutterIn(place: readonly CST.SourceToken[] | undefined): CST.SourceToken | undefined {
  return place !== undefined && place.length > maxClutter
    ? place.filter(({ type }) => !blank.has(type))[maxClutter]
    : undefined;
}
