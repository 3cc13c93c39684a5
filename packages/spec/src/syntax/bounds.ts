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
 * V8 may not even throw, but abort the process. So depth is measured first, on the syntax tree, and no deeper than allowed.
 */
export function excessOf(tokens: readonly CST.Token[]): Excess | undefined {
  for (const token of tokens) {
    const found = excessIn(token, 0);
    if (found !== undefined) return found;
  }
  return undefined;
}

function excessIn(token: CST.Token, depth: number): Excess | undefined {
  if (depth > maxDepth)
    return {
      code: 'limit-exceeded',
      offset: token.offset,
      message: `The template nests maps and lists more than ${maxDepth} levels deep.`,
    };
  if ('end' in token) {
    const found = clutter(token.end);
    if (found !== undefined) return found;
  }
  if (token.type === 'document')
    return clutter(token.start) ?? (token.value === undefined ? undefined : excessIn(token.value, depth));
  if (!('items' in token)) return undefined;
  for (const { start, key, sep, value } of token.items) {
    const found =
      clutter(start) ??
      (key ? excessIn(key, depth + 1) : undefined) ??
      clutter(sep) ??
      (value ? excessIn(value, depth + 1) : undefined);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Too much where a value's properties or its end should be. */
function clutter(place: readonly CST.SourceToken[] | undefined): Excess | undefined {
  if (place === undefined || place.length <= maxClutter) return undefined;
  const first = place.filter(({ type }) => !blank.has(type))[maxClutter];
  return first === undefined
    ? undefined
    : { code: 'yaml-syntax', offset: first.offset, message: 'This is not YAML: there is too much in one place.' };
}
