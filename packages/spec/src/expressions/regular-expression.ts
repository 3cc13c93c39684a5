import { EvaluationFailure } from './errors.js';

/**
 * A Python regular expression in the syntax of RE2, which matches in linear time.
 *
 * Source: the Python documentation of `re`, "Regular Expression Syntax", and RE2's syntax page. Features that RE2 lacks
 * (backreferences, look-around, possessive repeats) are errors that say so.
 */
export interface TranslatedPattern {
  readonly pattern: string;
  /** Has a `$` outside multi-line mode, which in Python also matches before a final newline. */
  readonly hasEnd: boolean;
  /** Has `\b` or `\B`, for which RE2 knows only ASCII letters. */
  readonly hasWordBoundary: boolean;
}

export interface PatternFlags {
  readonly ignoreCase: boolean;
  readonly multiline: boolean;
  readonly dotAll: boolean;
  readonly ascii: boolean;
}

const unsupported = (what: string) =>
  new EvaluationFailure(
    'Unsupported',
    `${what} in a regular expression: the engine here matches in linear time and has no such thing`,
  );
const invalid = (message: string) => new EvaluationFailure('ValueError', `bad regular expression: ${message}`);

/** Python's Unicode classes, without brackets, to be used inside brackets. */
const unicodeClasses: Readonly<Record<string, string>> = {
  d: '\\p{Nd}',
  w: '\\p{L}\\p{N}_',
  s: '\\t-\\r\\x1c-\\x20\\x{85}\\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}',
};
const asciiClasses: Readonly<Record<string, string>> = { d: '0-9', w: '0-9A-Za-z_', s: '\\t-\\r\\x20' };
const controls: Readonly<Record<string, number>> = { a: 7, f: 12, n: 10, r: 13, t: 9, v: 11 };

/** Translates a pattern. */
export function translatePattern(pattern: string, flags: PatternFlags): TranslatedPattern {
  return new Translator(pattern, flags).translate();
}

class Translator {
  private readonly pattern: string;
  private flags: PatternFlags;
  private at = 0;
  private hasEnd = false;
  private hasWordBoundary = false;

  constructor(pattern: string, flags: PatternFlags) {
    this.pattern = pattern;
    this.flags = flags;
  }

  translate(): TranslatedPattern {
    let result = '';
    while (this.at < this.pattern.length) result += this.piece();
    const { ignoreCase, multiline, dotAll } = this.flags;
    const set = `${ignoreCase ? 'i' : ''}${multiline ? 'm' : ''}${dotAll ? 's' : ''}`;
    return {
      pattern: set === '' ? result : `(?${set}:${result})`,
      hasEnd: this.hasEnd,
      hasWordBoundary: this.hasWordBoundary,
    };
  }

  private take(): string {
    const code = this.pattern.codePointAt(this.at) ?? 0;
    const character = String.fromCodePoint(code);
    this.at += character.length;
    return character;
  }

  private piece(): string {
    const character = this.take();
    switch (character) {
      case '\\':
        return this.escape();
      case '[':
        return this.set();
      case '(':
        return this.group();
      case '$':
        if (this.flags.multiline) return '$';
        this.hasEnd = true;
        return '\\z';
      case '^':
        return this.flags.multiline ? '^' : '\\A';
      case '{':
        return this.counted();
      case '*':
      case '+':
      case '?':
        return this.repeat(character);
      case '.':
      case '|':
      case ')':
        return character;
      default:
        return literal(character);
    }
  }

  private repeat(mark: string): string {
    if (this.pattern[this.at] === '+') throw unsupported('a possessive repeat');
    if (this.pattern[this.at] !== '?') return mark;
    this.at += 1;
    return `${mark}?`;
  }

  private counted(): string {
    const match = /^(\d*)(,?)(\d*)\}/.exec(this.pattern.slice(this.at));
    const [whole = '', low = '', comma = '', high = ''] = match ?? [];
    if (match === null || (low === '' && high === '' && comma === '') || (low === '' && comma === '')) return '\\{';
    this.at += whole.length;
    const least = low === '' ? '0' : low;
    if (Number(least) > 1000 || Number(high || 0) > 1000) throw unsupported('a repeat count above 1000');
    return this.repeat(comma === '' ? `{${least}}` : `{${least},${high}}`);
  }

  private classes(): Readonly<Record<string, string>> {
    return this.flags.ascii ? asciiClasses : unicodeClasses;
  }

  private escape(): string {
    if (this.at >= this.pattern.length) throw invalid('it ends with a backslash');
    const character = this.take();
    const named = this.classes()[character.toLowerCase()];
    if (named !== undefined) return character === character.toLowerCase() ? `[${named}]` : `[^${named}]`;
    switch (character) {
      case 'A':
        return '\\A';
      case 'Z':
        return '\\z';
      case 'b':
      case 'B':
        this.hasWordBoundary = true;
        return `\\${character}`;
    }
    if (/[1-9]/.test(character)) throw unsupported('a backreference');
    return literal(String.fromCodePoint(this.codeOf(character)));
  }

  /** The character that an escape denotes, inside and outside of sets. */
  private codeOf(character: string): number {
    const control = controls[character];
    if (control !== undefined) return control;
    const digits = { x: 2, u: 4, U: 8 }[character];
    if (digits !== undefined) {
      const text = this.pattern.slice(this.at, this.at + digits);
      if (!new RegExp(`^[0-9a-fA-F]{${digits}}$`).test(text))
        throw invalid(`\\${character} needs ${digits} hexadecimal digits`);
      this.at += digits;
      const code = Number.parseInt(text, 16);
      if (code > 0x10ffff) throw invalid(`\\${character}${text} is not a character`);
      return code;
    }
    if (/[0-7]/.test(character)) {
      const more = /^[0-7]{0,2}/.exec(this.pattern.slice(this.at))?.[0] ?? '';
      this.at += more.length;
      return Number.parseInt(character + more, 8);
    }
    if (/[A-Za-z89]/.test(character)) throw invalid(`bad escape \\${character}`);
    return character.codePointAt(0) ?? 0;
  }

  private set(): string {
    const negated = this.pattern[this.at] === '^';
    if (negated) this.at += 1;
    const items: string[] = [];
    const complements: string[] = [];
    let first = true;
    for (;;) {
      if (this.at >= this.pattern.length) throw invalid('a set [ has no closing ]');
      const character = this.take();
      if (character === ']' && !first) break;
      first = false;
      const low = this.member(character, items, complements);
      if (this.pattern[this.at] === '-' && this.pattern[this.at + 1] !== ']' && this.at + 1 < this.pattern.length) {
        this.at += 1;
        const high = this.member(this.take(), [], []);
        if (low === undefined || high === undefined) throw invalid('a range needs a character at each end');
        if (high < low) throw invalid('a range in a set goes backwards');
        items.push(`${literal(String.fromCodePoint(low))}-${literal(String.fromCodePoint(high))}`);
      } else if (low !== undefined) {
        items.push(literal(String.fromCodePoint(low)));
      }
    }
    if (complements.length === 0) return `[${negated ? '^' : ''}${items.join('')}]`;
    const sets = complements.map((complement) => `[^${complement}]`);
    if (items.length > 0) sets.unshift(`[${items.join('')}]`);
    if (!negated) return sets.length === 1 ? (sets[0] ?? '') : `(?:${sets.join('|')})`;
    if (complements.length === 1 && items.length === 0) return `[${complements[0]}]`;
    throw unsupported('a negated set that has \\D, \\W or \\S beside other members');
  }

  /** A member of a set: its code, or undefined for a class, which is added to `items` or `complements`. */
  private member(character: string, items: string[], complements: string[]): number | undefined {
    if (character !== '\\') return character.codePointAt(0);
    if (this.at >= this.pattern.length) throw invalid('it ends with a backslash');
    const escaped = this.take();
    const named = this.classes()[escaped.toLowerCase()];
    if (named !== undefined) {
      (escaped === escaped.toLowerCase() ? items : complements).push(named);
      return undefined;
    }
    return escaped === 'b' ? 8 : this.codeOf(escaped);
  }

  private group(): string {
    const rest = this.pattern.slice(this.at);
    if (!rest.startsWith('?')) return '(';
    const named = /^\?P<([A-Za-z_]\w*)>/.exec(rest);
    if (named) {
      this.at += named[0].length;
      return `(?P<${named[1]}>`;
    }
    if (rest.startsWith('?:')) {
      this.at += 2;
      return '(?:';
    }
    const comment = /^\?#[^)]*\)/.exec(rest);
    if (comment) {
      this.at += comment[0].length;
      return '';
    }
    const global = /^\?([aimsu]+)\)/.exec(rest);
    if (global) {
      if (this.at !== 1) throw invalid('global flags must stand at the start');
      this.at += global[0].length;
      this.flags = withFlags(this.flags, global[1] ?? '');
      return '';
    }
    if (/^\?(=|!|<=|<!)/.test(rest)) throw unsupported('a look-ahead or look-behind');
    if (/^\?P=/.test(rest)) throw unsupported('a backreference');
    if (/^\?>/.test(rest)) throw unsupported('an atomic group');
    if (/^\?\(/.test(rest)) throw unsupported('a conditional group');
    if (/^\?[aiLmsux-]+[:)]/.test(rest)) throw unsupported('a group with flags of its own, or the flags L and x');
    throw invalid('unknown extension after (?');
  }
}

function withFlags(flags: PatternFlags, letters: string): PatternFlags {
  return {
    ignoreCase: flags.ignoreCase || letters.includes('i'),
    multiline: flags.multiline || letters.includes('m'),
    dotAll: flags.dotAll || letters.includes('s'),
    ascii: flags.ascii || letters.includes('a'),
  };
}

/** A literal character in RE2's syntax, inside and outside of sets. */
function literal(character: string): string {
  return /[A-Za-z0-9]/.test(character) ? character : `\\x{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}
