/*
 * File names with wildcards, as they stand in `inputs`, `outputs` and scatter sources. One meaning everywhere:
 *
 * - `*` any characters but `/`; `?` one of them
 * - `[abc]`, `[a-z]`: one of a set; `[!abc]` (or `[^abc]`): one that is not in it; never `/`
 * - `**` as a whole folder name: any folders, also none; as the last name: everything below
 *
 * All else stands for itself: braces, parentheses, backslashes, and the dots that names begin with.
 */

/** What stands for anything but itself, and, so that a glob can hold any name, `[*]`, `[?]` and `[[]`: see {@link escapeGlob}. */
const wildcards = /[*?]|\[[^\]/]+\]/g;

const isEscaped = (token: string): boolean => /^\[[*?[]\]$/.test(token);

/**
 * Whether a file name is a glob: it has `*`, `?` or `[…]`. `[*]`, `[?]` and `[[]` are one character each and make none.
 *
 * @example isGlob('reads_*.fq') // true
 */
export function isGlob(name: string): boolean {
  return name.match(wildcards)?.some((token) => !isEscaped(token)) ?? false;
}

/**
 * A name as a glob that matches it alone, whatever characters it has.
 *
 * @example escapeGlob('virus-[PR].json') // 'virus-[[]PR].json'
 */
export function escapeGlob(name: string): string {
  return name.replace(/[*?[]/g, '[$&]');
}

/**
 * The name that {@link escapeGlob} made a glob of; of another glob, what people read.
 *
 * @example unescapeGlob('virus-[[]PR].*') // 'virus-[PR].*'
 */
export function unescapeGlob(pattern: string): string {
  return pattern.replace(wildcards, (token) => (isEscaped(token) ? token.charAt(1) : token));
}

/**
 * The part of a glob before its first wildcard: what a listing can be narrowed to.
 *
 * @example globPrefix('bam/S1_*.bam') // 'bam/S1_'
 */
export function globPrefix(pattern: string): string {
  for (const { 0: token, index } of pattern.matchAll(wildcards))
    if (!isEscaped(token)) return unescapeGlob(pattern.slice(0, index));
  return unescapeGlob(pattern);
}

/**
 * Makes a test for names of files. A name that is empty or ends in `/` is no file's and matches nothing.
 *
 * The test takes at most as many steps as the product of the lengths, whatever the glob.
 *
 * @example globMatcher('**\/*.bam')('a/b/c.bam') // true
 */
export function globMatcher(pattern: string): (name: string) => boolean {
  const prefix = globPrefix(pattern);
  const folders = pattern.split('/').map((part) => (part === '**' ? anyNumber : characterTests(part)));
  // `a/**` means what is below `a`, not `a` itself.
  if (folders.at(-1) === anyNumber) folders.push([anyNumber]);
  return (name) =>
    name !== '' &&
    !name.endsWith('/') &&
    name.startsWith(prefix) &&
    matchesAll(folders, name.split('/'), (part, folder) => matchesAll(part, Array.from(folder), matchesCharacter));
}

/** In a list of tests: any number of items, whatever they are. */
const anyNumber = Symbol('any number');

/** Tests one character; a text stands for itself. */
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
 * Matches a list of tests with all of a list of items. Only what the last `anyNumber` took has ever to be tried
 * longer: whatever an earlier one could take in addition, the last one can take, too.
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
