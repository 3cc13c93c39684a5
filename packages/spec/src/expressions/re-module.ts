import { type Matcher, MatcherInput, RE2JS } from 're2js';
import { bind, integer, text } from './arguments.js';
import { Budget } from './budget.js';
import { EvaluationFailure } from './errors.js';
import { type PatternFlags, type TranslatedPattern, translatePattern } from './regular-expression.js';
import { letterEscapes } from './string-literal.js';
import { type Arguments, codePoints, PyFunction, PyList, PyMatch, PyModule, PyTuple, type Value } from './values.js';

/** The values of `re.I` and the other flags in Python. */
const flagBits = { ASCII: 256, IGNORECASE: 2, MULTILINE: 8, DOTALL: 16 } as const;
const maximumPattern = 2_000;

type Anchoring = 'none' | 'start' | 'both';

interface Found {
  readonly start: number;
  readonly end: number;
  readonly groups: readonly (null | { readonly start: number; readonly end: number })[];
}

/**
 * A text that charges for every access to it. One match is linear in the text; but `findall` and `sub` match
 * repeatedly, and each match may look ahead to the end of the text.
 */
class PaidText extends String {
  private readonly budget: Budget;
  private readonly price: number;

  constructor(text: string, price: number, budget: Budget) {
    super(text);
    this.price = price;
    this.budget = budget;
  }

  override charCodeAt(index: number): number {
    this.budget.spend(this.price);
    return super.charCodeAt(index);
  }

  override indexOf(wanted: string, from = 0): number {
    const at = super.indexOf(wanted, from);
    this.budget.spend(((at < 0 ? this.length : at) - from) / 64);
    return at;
  }
}

/** The patterns that an evaluation has compiled. */
type Compiled = Map<string, { readonly translated: TranslatedPattern; readonly program: RE2JS }>;

/** A compiled pattern applied to one subject; offsets are UTF-16 units. */
class Search {
  readonly names: ReadonlyMap<string, number>;
  private readonly matcher: Matcher;
  /** The subject without its final newline, because in Python a `$` also matches before it. */
  private readonly shorter: Matcher | undefined;
  private readonly length: number;

  constructor(pattern: string, subject: string, flags: number, anchoring: Anchoring, workshop: Workshop) {
    const { budget } = workshop;
    const { translated, program } = compiled(pattern, flags, anchoring, workshop);
    if (translated.hasWordBoundary && /[^\0-\x7f]/.test(subject))
      throw new EvaluationFailure('Unsupported', '\\b in a regular expression on text that is not ASCII');
    // In the worst case, the engine visits each state of the program at each character.
    const price = (32 + program.programSize()) / 64;
    const matcher = (text: string) => program.matcher(MatcherInput.utf16(new PaidText(text, price, budget)));
    this.names = new Map(Object.entries(program.namedGroups()));
    this.matcher = matcher(subject);
    this.length = subject.length;
    this.shorter =
      translated.hasEnd && subject.endsWith('\n') && anchoring !== 'both' ? matcher(subject.slice(0, -1)) : undefined;
  }

  from(position: number): Found | undefined {
    const whole = found(this.matcher, position);
    const short = this.shorter === undefined || position > this.length - 1 ? undefined : found(this.shorter, position);
    if (whole === undefined || short === undefined) return whole ?? short;
    return short.start < whole.start ? short : whole;
  }
}

function found(matcher: Matcher, position: number): Found | undefined {
  if (!matcher.find(position)) return undefined;
  const groups = Array.from({ length: matcher.groupCount() + 1 }, (_, index) => {
    const start = matcher.start(index);
    return start < 0 ? null : { start, end: matcher.end(index) };
  });
  return { start: matcher.start(0), end: matcher.end(0), groups };
}

function patternFlags(flags: number): PatternFlags {
  const known = flagBits.ASCII | flagBits.IGNORECASE | flagBits.MULTILINE | flagBits.DOTALL;
  if ((flags & ~known) !== 0)
    throw new EvaluationFailure('Unsupported', 'regular expression flags other than A, I, M and S');
  return {
    ascii: (flags & flagBits.ASCII) !== 0,
    ignoreCase: (flags & flagBits.IGNORECASE) !== 0,
    multiline: (flags & flagBits.MULTILINE) !== 0,
    dotAll: (flags & flagBits.DOTALL) !== 0,
  };
}

/** State that the functions of the module share: the budget of the evaluation, and the patterns it has compiled. */
interface Workshop {
  readonly budget: Budget;
  readonly compiled: Compiled;
}

function compiled(pattern: string, flags: number, anchoring: Anchoring, { budget, compiled: known }: Workshop) {
  if (pattern.length > maximumPattern)
    throw new EvaluationFailure('BudgetExceeded', `a regular expression has more than ${maximumPattern} characters`);
  const key = `${anchoring} ${flags} ${pattern}`;
  const before = known.get(key);
  if (before !== undefined) return before;
  budget.spend(64 + 4 * pattern.length);
  const translated = translatePattern(pattern, patternFlags(flags));
  const program = compile(translated, anchoring);
  budget.spend(4 * program.programSize());
  const made = { translated, program };
  known.set(key, made);
  return made;
}

/**
 * Checks that a pattern can be used, regardless of flags.
 *
 * @throws EvaluationFailure when it is not a regular expression, or one that the engine does not support
 */
export function checkPattern(pattern: string): void {
  compiled(pattern, 0, 'none', { budget: new Budget(), compiled: new Map() });
}

function compile(translated: TranslatedPattern, anchoring: Anchoring): RE2JS {
  const { pattern } = translated;
  const anchored = anchoring === 'none' ? pattern : `\\A(?:${pattern})${anchoring === 'both' ? '\\z' : ''}`;
  try {
    // Compiled without the anchors first, so that an unbalanced parenthesis cannot pair with theirs.
    if (anchoring !== 'none') RE2JS.compile(pattern);
    return RE2JS.compile(anchored);
  } catch (error) {
    throw new EvaluationFailure(
      'ValueError',
      `bad regular expression: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

function matchObject(subject: string, search: Search, at: Found | undefined): Value {
  if (at === undefined) return null;
  const count = (end: number) => codePoints(subject.slice(0, end));
  const groups = at.groups.map((span) =>
    span === null
      ? null
      : { text: subject.slice(span.start, span.end), start: count(span.start), end: count(span.end) },
  );
  return new PyMatch(groups, search.names);
}

/** Successive matches, including empty ones, as `findall` and `sub` use them. */
function* matches(subject: string, search: Search, budget: Budget): Generator<Found> {
  let position = 0;
  let emptyAt = -1;
  while (position <= subject.length) {
    budget.spend(16);
    const at = search.from(position);
    if (at === undefined) return;
    if (at.start === at.end && at.start === emptyAt) {
      position = at.start + 1;
      continue;
    }
    yield at;
    if (at.start === at.end) emptyAt = at.start;
    position = at.end;
  }
}

function begin(
  name: string,
  args: Arguments,
  workshop: Workshop,
  anchoring: Anchoring,
): { subject: string; search: Search } {
  const [pattern = null, string = null, flags] = bind(name, args, ['pattern', 'string', 'flags?']);
  const subject = text(string, 'the string to search');
  return {
    subject,
    search: new Search(
      text(pattern, 'a pattern'),
      subject,
      Number(flags === undefined ? 0n : integer(flags)),
      anchoring,
      workshop,
    ),
  };
}

const single = (name: string, anchoring: Anchoring, workshop: Workshop) =>
  new PyFunction(name, (args) => {
    const { subject, search } = begin(name, args, workshop, anchoring);
    return matchObject(subject, search, search.from(0));
  });

const findall = (workshop: Workshop) =>
  new PyFunction('findall', (args) => {
    const { budget } = workshop;
    const { subject, search } = begin('findall', args, workshop, 'none');
    const results: Value[] = [];
    for (const at of matches(subject, search, budget)) {
      const texts = at.groups.map((span) => (span === null ? '' : subject.slice(span.start, span.end)));
      budget.reserve(texts.reduce((size, item) => size + item.length + 1, 0));
      results.push(texts.length <= 2 ? (texts.at(-1) ?? '') : new PyTuple(texts.slice(1)));
    }
    return new PyList(results);
  });

const sub = (workshop: Workshop) =>
  new PyFunction('sub', (args) => {
    const { budget } = workshop;
    const [pattern = null, replacement = null, string = null, count, flags] = bind('sub', args, [
      'pattern',
      'repl',
      'string',
      'count?',
      'flags?',
    ]);
    const subject = text(string, 'the string to search');
    const template = text(replacement, 'the replacement');
    const search = new Search(
      text(pattern, 'a pattern'),
      subject,
      Number(flags === undefined ? 0n : integer(flags)),
      'none',
      workshop,
    );
    let left = count === undefined ? 0 : Number(integer(count));
    if (left <= 0) left = Number.POSITIVE_INFINITY;
    let result = '';
    let copied = 0;
    for (const at of matches(subject, search, budget)) {
      const inserted = expand(template, subject, at, search.names);
      budget.reserve(inserted.length + at.start - copied);
      result += subject.slice(copied, at.start) + inserted;
      copied = at.end;
      left -= 1;
      if (left <= 0) break;
    }
    return result + subject.slice(copied);
  });

/** Expands `\1`, `\g<name>` and escapes in a replacement. */
function expand(template: string, subject: string, at: Found, names: ReadonlyMap<string, number>): string {
  const group = (index: number) => {
    if (index >= at.groups.length) throw new EvaluationFailure('IndexError', `invalid group reference ${index}`);
    const span = at.groups[index];
    return span ? subject.slice(span.start, span.end) : '';
  };
  return template.replaceAll(
    /\\(g<([^>]*)>|0[0-7]{0,2}|[1-9]\d?|[\s\S]|$)/g,
    (_whole, sequence: string, name: string | undefined) => {
      if (name !== undefined) {
        const index = /^\d+$/.test(name) ? Number(name) : names.get(name);
        if (index === undefined) throw new EvaluationFailure('IndexError', `unknown group name '${name}'`);
        return group(index);
      }
      if (/^0/.test(sequence)) return String.fromCodePoint(Number.parseInt(sequence, 8));
      if (/^[1-9]/.test(sequence)) return group(Number(sequence));
      const simple = letterEscapes[sequence];
      if (simple !== undefined) return simple;
      if (/^[A-Za-z]?$/.test(sequence))
        throw new EvaluationFailure('ValueError', `bad escape \\${sequence} in a replacement`);
      return `\\${sequence}`;
    },
  );
}

/** The supported part of the module `re`. */
export function reModule(budget: Budget): PyModule {
  const workshop: Workshop = { budget, compiled: new Map() };
  const flags = Object.entries(flagBits).flatMap(([name, bit]): [string, Value][] => [
    [name, BigInt(bit)],
    [name.charAt(0) === 'D' ? 'S' : name.charAt(0), BigInt(bit)],
  ]);
  return new PyModule(
    're',
    new Map<string, Value>([
      ['match', single('match', 'start', workshop)],
      ['search', single('search', 'none', workshop)],
      ['fullmatch', single('fullmatch', 'both', workshop)],
      ['findall', findall(workshop)],
      ['sub', sub(workshop)],
      ...flags,
    ]),
  );
}
