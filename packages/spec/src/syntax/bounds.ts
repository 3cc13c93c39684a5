import type { CST } from 'yaml';
import { maxDepth } from '../limits.js';

/** The reason why a document must not be composed, and its place. */
export interface Excess {
  readonly code: 'limit-exceeded' | 'yaml-syntax';
  readonly offset: number;
  readonly message: string;
}

/**
 * Maximum number of anchors, tags or stray scalars in one place: more than two are a mistake, thousands are an attack.
 */
const maxClutter = 100;

const blank = new Set(['space', 'comment', 'newline']);

/**
 * Returns the reason why a document is too much for the YAML library's composer, which recurses into it: near the end
 * of the stack V8 may abort the process instead of throwing. So depth is measured first, on the syntax tree, down to
 * the limit.
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
  switch (token.type) {
    case 'document':
      return clutter(token.end) ?? clutter(token.start) ?? (token.value ? excessIn(token.value, depth) : undefined);
    case 'block-map':
    case 'block-seq':
      return excessInItems(token.items, depth + 1);
    case 'flow-collection':
      return clutter(token.end) ?? excessInItems(token.items, depth + 1);
    default:
      return 'end' in token ? clutter(token.end) : undefined;
  }
}

function excessInItems(items: readonly CST.CollectionItem[], depth: number): Excess | undefined {
  for (const { start, key, sep, value } of items) {
    const found =
      clutter(start) ??
      (key ? excessIn(key, depth) : undefined) ??
      clutter(sep) ??
      (value ? excessIn(value, depth) : undefined);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Returns an excess of tokens before or after a value. */
function clutter(place: readonly CST.SourceToken[] | undefined): Excess | undefined {
  if (place === undefined || place.length <= maxClutter) return undefined;
  const first = place.filter(({ type }) => !blank.has(type))[maxClutter];
  return first === undefined
    ? undefined
    : { code: 'yaml-syntax', offset: first.offset, message: 'This is not YAML: there is too much in one place.' };
}
