import picomatch from 'picomatch';

/** Whether a file name is a pattern: it has `*`, `?` or `[…]`. */
export function isGlob(name: string): boolean {
  return /[*?]|\[[^\]]+\]/.test(name);
}

/** The part of a pattern before its first special character: what a listing can be narrowed to. */
export function literalPrefix(pattern: string): string {
  return /^[^*?[\\]*/.exec(pattern)?.[0] ?? '';
}

/**
 * Makes a test for names. `*` and `?` stay within one folder, `**` does not, `[…]` is a set of characters; everything
 * else, braces and parentheses included, stands for itself. Names that begin with a dot match like others.
 */
export function globMatcher(pattern: string): (name: string) => boolean {
  return picomatch(escapeOutsideSets(pattern), {
    dot: true,
    nobrace: true,
    noextglob: true,
    nonegate: true,
  });
}

/** Braces, parentheses and their like mean something to the matching library, but not here; a set is negated by `!` too. */
function escapeOutsideSets(pattern: string): string {
  return pattern.replace(/\[[^\]]+\]|[(){}|!+@$^]/g, (part) =>
    part.length > 1 ? part.replace(/^\[!/, '[^') : `\\${part}`,
  );
}
