/*
 * File names with wildcards, in `inputs`, `outputs` and scatter sources. They mean the same everywhere:
 *
 * - `*` any characters but `/`; `?` one of them
 * - `[abc]`, `[a-z]`: one of a set; `[!abc]` (or `[^abc]`): one that is not in it; never `/`
 * - `**` as a whole folder name: any folders, also none; as the last name: everything below
 *
 * Everything else is literal: braces, parentheses, backslashes, and dots at the beginning of names.
 */

/**
 * The wildcards, and the literals `[*]`, `[?]` and `[[]`, which allow a glob to contain any name: see {@link
 * escapeGlob}.
 */
const wildcards = /[*?]|\[[^\]/]+\]/g;

const isEscaped = (token: string): boolean => /^\[[*?[]\]$/.test(token);

/**
 * Returns true if a file name is a glob: it has `*`, `?` or `[…]`. `[*]`, `[?]` and `[[]` are literals and do not
 * count.
 *
 * @example isGlob('reads_*.fq') // true
 */
export function isGlob(name: string): boolean {
  return name.match(wildcards)?.some((token) => !isEscaped(token)) ?? false;
}

/**
 * Returns a glob that matches only the given name, whatever characters it has.
 *
 * @example escapeGlob('virus-[PR].json') // 'virus-[[]PR].json'
 */
export function escapeGlob(name: string): string {
  return name.replace(/[*?[]/g, '[$&]');
}

/**
 * Returns the name for which {@link escapeGlob} made a glob; for any other glob, a readable form.
 *
 * @example unescapeGlob('virus-[[]PR].*') // 'virus-[PR].*'
 */
export function unescapeGlob(pattern: string): string {
  return pattern.replace(wildcards, (token) => (isEscaped(token) ? token.charAt(1) : token));
}

/**
 * The part of a glob before its first wildcard, which can narrow a listing.
 *
 * @example globPrefix('bam/S1_*.bam') // 'bam/S1_'
 */
export function globPrefix(pattern: string): string {
  for (const { 0: token, index } of pattern.matchAll(wildcards))
    if (!isEscaped(token)) return unescapeGlob(pattern.slice(0, index));
  return unescapeGlob(pattern);
}

/**
 * Returns a function that tests file names. A name that is empty or ends in `/` is not a file and never matches.
 *
 * The number of steps of a test is at most the product of the lengths, whatever the glob.
 *
 * @example globMatcher('**\/*.bam')('a/b/c.bam') // true
 */
export function globMatcher(pattern: string): (name: string) => boolean {
  const prefix = globPrefix(pattern);
  const folders = pattern.split('/').map((part) => (part === '**' ? anyNumber : characterTests(part)));
  // `a/**` matches everything below `a`, but not `a` itself.
  if (folders.at(-1) === anyNumber) folders.push([anyNumber]);
  return (name) =>
    name !== '' &&
    !name.endsWith('/') &&
    name.startsWith(prefix) &&
    matchesAll(folders, name.split('/'), (part, folder) => matchesAll(part, Array.from(folder), matchesCharacter));
}

/** In a list of tests: any number of items, whatever they are. */
const anyNumber = Symbol('any number');

/** Tests one character; a text is compared literally. */
type CharacterTest = string | ((character: string) => boolean);

function matchesCharacter(test: CharacterTest, character: string): boolean {
  return typeof test === 'string' ? test === character : test(character);
}

function characterTests(part: string): readonly (CharacterTest | typeof anyNumber)[] {
  return (part.match(/\[[^\]]+\]|./gsu) ?? []).map((token) => {
    if (token === '*') return anyNumber;
    if (token === '?') return () => true;
    return token.length > 2 && token.startsWith('[') ? setTest(token.slice(1, -1)) : token;
  });
}

function setTest(content: string): CharacterTest {
  const negated = content.length > 1 && /^[!^]/.test(content);
  const ranges = [...(negated ? content.slice(1) : content).matchAll(/(.)(?:-(.))?/gsu)].map(
    ([, first = '', last = first]) => ({ first: codePoint(first), last: codePoint(last) }),
  );
  return (character) => {
    const code = codePoint(character);
    return ranges.some(({ first, last }) => first <= code && code <= last) !== negated;
  };
}

function codePoint(character: string): number {
  return character.codePointAt(0) ?? 0;
}

/**
 * Matches a list of tests with a whole list of items. Backtracking is only needed for the last `anyNumber`: any
 * additional item that an earlier one could match can be matched by the last one, too.
 */
function matchesAll<Test, Item>(
  tests: readonly (Test | typeof anyNumber)[],
  items: readonly Item[],
  matches: (test: Test, item: Item) => boolean,
): boolean {
  let test = 0;
  let item = 0;
  let retry: { readonly test: number; item: number } | undefined;
  while (item < items.length) {
    const wanted = tests[test];
    const given = items[item];
    if (wanted === anyNumber) {
      test += 1;
      retry = { test, item };
    } else if (wanted !== undefined && given !== undefined && matches(wanted, given)) {
      test += 1;
      item += 1;
    } else if (retry === undefined) {
      return false;
    } else {
      retry.item += 1;
      ({ test, item } = retry);
    }
  }
  return tests.slice(test).every((rest) => rest === anyNumber);
}
