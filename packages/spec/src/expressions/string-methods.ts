import { bind, integer, text } from './arguments.js';
import type { Budget } from './budget.js';
import { EvaluationFailure } from './errors.js';
import { isPrintable } from './representation.js';
import {
  type Arguments,
  characters,
  codePoints,
  iterate,
  PyList,
  PyTuple,
  typeError,
  typeName,
  type Value,
  valueError,
} from './values.js';

/** A method of str; none of them changes the string. */
export type StringMethod = (self: string, args: Arguments, budget: Budget) => Value;

/** White space as in Python's `str.isspace`. */
const space = /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;
const lineBreak = /\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/g;

/** Pays for reading every character of a text separately. */
const lookAtEach = (self: string, budget: Budget) => budget.spend(self.length >>> 2);

/** A test of the whole text. */
const whole =
  (name: string, test: (self: string) => boolean): StringMethod =>
  (self, args, budget) => {
    bind(name, args, []);
    lookAtEach(self, budget);
    return test(self);
  };

const every = (test: RegExp) => (self: string, args: Arguments, budget: Budget) => {
  bind('is…', args, []);
  lookAtEach(self, budget);
  return self !== '' && characters(self).every((character) => test.test(character));
};

const mapped =
  (map: (self: string) => string): StringMethod =>
  (self, args, budget) => {
    bind('str method', args, []);
    budget.reserve(self.length * 2);
    lookAtEach(self, budget);
    return map(self);
  };

const isCased = (character: string) => character.toLowerCase() !== character || character.toUpperCase() !== character;

function title(self: string): string {
  let inWord = false;
  return characters(self)
    .map((character) => {
      const cased = isCased(character);
      const result = !cased ? character : inWord ? character.toLowerCase() : capital(character);
      inWord = cased;
      return result;
    })
    .join('');
}

/** Title case of one character: of a ligature, only the first letter becomes a capital. */
function capital(character: string): string {
  const upper = characters(character.toUpperCase());
  return (upper[0] ?? '') + upper.slice(1).join('').toLowerCase();
}

const capitalize = (self: string) => {
  const [first = '', ...rest] = characters(self);
  return capital(first) + rest.join('').toLowerCase();
};

/** Converts start and end arguments to a slice; positions are code points. */
function window(
  self: string,
  start: Value | undefined,
  end: Value | undefined,
  budget: Budget,
): { inside: string; offset: number; valid: boolean } {
  if (start === undefined && end === undefined) return { inside: self, offset: 0, valid: true };
  budget.spend(self.length >>> 3);
  const all = characters(self);
  const clamp = (value: Value | undefined, otherwise: number) => {
    if (value === undefined || value === null) return otherwise;
    const at = Number(integer(value));
    return at < 0 ? Math.max(0, at + all.length) : at;
  };
  const from = clamp(start, 0);
  const to = Math.min(clamp(end, all.length), all.length);
  return { inside: all.slice(from, Math.max(from, to)).join(''), offset: from, valid: from <= to };
}

const find =
  (name: string, last: boolean, strict: boolean): StringMethod =>
  (self, args, budget) => {
    const [sub = null, start, end] = bind(name, args, ['/sub', '/start?', '/end?']);
    budget.reserve(self.length);
    const wanted = text(sub, 'must be str: argument 1');
    // A search may compare each character with many characters of a long search text.
    if (wanted.length > 8) budget.spend(self.length >>> 4);
    const { inside, offset, valid } = window(self, start, end, budget);
    const at = !valid ? -1 : last ? inside.lastIndexOf(wanted) : inside.indexOf(wanted);
    if (at < 0 && strict) throw valueError('substring not found');
    return BigInt(at < 0 ? -1 : offset + codePoints(inside.slice(0, at)));
  };

const affix =
  (name: 'startswith' | 'endswith'): StringMethod =>
  (self, args, budget) => {
    const [affixes = null, start, end] = bind(name, args, ['/prefix', '/start?', '/end?']);
    budget.reserve(self.length);
    const all = affixes instanceof PyTuple ? affixes.items : [affixes];
    const { inside, valid } = window(self, start, end, budget);
    return all.some((item) => {
      if (typeof item !== 'string')
        throw typeError(`${name} first arg must be str or a tuple of str, not ${typeName(item)}`);
      return valid && (name === 'startswith' ? inside.startsWith(item) : inside.endsWith(item));
    });
  };

const strip =
  (name: string, left: boolean, right: boolean): StringMethod =>
  (self, args, budget) => {
    const [chars] = bind(name, args, ['/chars?']);
    lookAtEach(self, budget);
    if (chars !== undefined && chars !== null && typeof chars !== 'string')
      throw typeError(`${name} arg must be None or str`);
    const cut = typeof chars === 'string' ? new Set(characters(chars)) : undefined;
    const drop = (character: string | undefined) =>
      character !== undefined && (cut === undefined ? space.test(character) : cut.has(character));
    const all = characters(self);
    let from = 0;
    let to = all.length;
    while (left && from < to && drop(all[from])) from += 1;
    while (right && to > from && drop(all[to - 1])) to -= 1;
    return all.slice(from, to).join('');
  };

const pad =
  (name: 'ljust' | 'rjust' | 'center'): StringMethod =>
  (self, args, budget) => {
    const [widthArgument = null, fillArgument] = bind(name, args, ['/width', '/fillchar?']);
    const fill = fillArgument ?? ' ';
    if (typeof fill !== 'string' || codePoints(fill) !== 1)
      throw typeError('The fill character must be exactly one character long');
    const width = Number(integer(widthArgument));
    const length = codePoints(self);
    if (width <= length) return self;
    budget.reserve(width);
    const missing = width - length;
    // CPython puts the extra fill character on the left when the width is odd.
    const left = name === 'ljust' ? 0 : name === 'rjust' ? missing : Math.floor(missing / 2) + (missing & width & 1);
    return fill.repeat(left) + self + fill.repeat(missing - left);
  };

const split =
  (name: 'split' | 'rsplit'): StringMethod =>
  (self, args, budget) => {
    const [separator, limitArgument] = bind(name, args, ['sep?', 'maxsplit?']);
    budget.reserve(self.length);
    const limit = limitArgument === undefined ? -1 : Number(integer(limitArgument));
    if (separator === undefined || separator === null) {
      lookAtEach(self, budget);
      return new PyList(name === 'split' ? splitSpace(self, limit) : splitSpaceRight(self, limit));
    }
    const by = text(separator, 'sep');
    if (by === '') throw valueError('empty separator');
    const parts = self.split(by);
    if (limit < 0 || parts.length - 1 <= limit) return new PyList(parts);
    return name === 'split'
      ? new PyList([...parts.slice(0, limit), parts.slice(limit).join(by)])
      : new PyList([parts.slice(0, parts.length - limit).join(by), ...parts.slice(parts.length - limit)]);
  };

function splitSpace(self: string, limit: number): string[] {
  const parts: string[] = [];
  let rest = trimStart(self);
  while (rest !== '') {
    if (limit >= 0 && parts.length === limit) {
      parts.push(rest);
      break;
    }
    const at = rest.search(space);
    parts.push(at < 0 ? rest : rest.slice(0, at));
    rest = at < 0 ? '' : trimStart(rest.slice(at));
  }
  return parts;
}

function splitSpaceRight(self: string, limit: number): string[] {
  const reversed = (text: string) => characters(text).reverse().join('');
  return splitSpace(reversed(self), limit).map(reversed).reverse();
}

function trimStart(self: string): string {
  let from = 0;
  while (from < self.length && space.test(self.charAt(from))) from += 1;
  return self.slice(from);
}

const partition =
  (name: 'partition' | 'rpartition'): StringMethod =>
  (self, args, budget) => {
    const [separator = null] = bind(name, args, ['/sep']);
    budget.reserve(self.length);
    const by = text(separator, 'sep');
    if (by === '') throw valueError('empty separator');
    const at = name === 'partition' ? self.indexOf(by) : self.lastIndexOf(by);
    if (at < 0) return new PyTuple(name === 'partition' ? [self, '', ''] : ['', '', self]);
    return new PyTuple([self.slice(0, at), by, self.slice(at + by.length)]);
  };

const replace: StringMethod = (self, args, budget) => {
  const [old = null, replacement = null, countArgument] = bind('replace', args, ['/old', '/new', '/count?']);
  const from = text(old, 'replace() argument 1');
  const to = text(replacement, 'replace() argument 2');
  const count = countArgument === undefined ? -1 : Number(integer(countArgument));
  if (from === '') lookAtEach(self, budget);
  const parts = from === '' ? characters(self) : self.split(from);
  const places = from === '' ? parts.length + 1 : parts.length - 1;
  const replaced = count < 0 ? places : Math.min(count, places);
  budget.reserve(self.length + replaced * to.length);
  if (from === '') {
    let result = '';
    for (let index = 0; index < places; index += 1) result += (index < replaced ? to : '') + (parts[index] ?? '');
    return result;
  }
  let result = parts[0] ?? '';
  for (let index = 1; index < parts.length; index += 1)
    result += (index <= replaced ? to : from) + (parts[index] ?? '');
  return result;
};

const count: StringMethod = (self, args, budget) => {
  const [sub = null, start, end] = bind('count', args, ['/sub', '/start?', '/end?']);
  budget.reserve(self.length);
  const wanted = text(sub, 'must be str: argument 1');
  const { inside, valid } = window(self, start, end, budget);
  if (!valid) return 0n;
  return BigInt(wanted === '' ? codePoints(inside) + 1 : inside.split(wanted).length - 1);
};

const join: StringMethod = (self, args, budget) => {
  const [iterable = null] = bind('join', args, ['/iterable']);
  const items = iterate(iterable);
  if (items === undefined) throw typeError('can only join an iterable');
  const parts: string[] = [];
  for (let next = items.next(); !next.done; next = items.next()) {
    if (typeof next.value !== 'string')
      throw typeError(`sequence item ${parts.length}: expected str instance, ${typeName(next.value)} found`);
    budget.reserve(next.value.length + self.length + 1);
    parts.push(next.value);
  }
  return parts.join(self);
};

const splitlines: StringMethod = (self, args, budget) => {
  const [keep] = bind('splitlines', args, ['keepends?']);
  budget.reserve(self.length);
  const lines: string[] = [];
  let from = 0;
  for (const match of self.matchAll(lineBreak)) {
    lines.push(self.slice(from, keep ? match.index + match[0].length : match.index));
    from = match.index + match[0].length;
  }
  if (from < self.length) lines.push(self.slice(from));
  return new PyList(lines);
};

const expandtabs: StringMethod = (self, args, budget) => {
  const [sizeArgument] = bind('expandtabs', args, ['tabsize?']);
  const size = sizeArgument === undefined ? 8 : Number(integer(sizeArgument));
  let column = 0;
  let result = '';
  for (const character of characters(self)) {
    if (character === '\t') {
      const width = size > 0 ? size - (column % size) : 0;
      budget.reserve(width);
      result += ' '.repeat(width);
      column += width;
    } else {
      column = character === '\n' || character === '\r' ? 0 : column + 1;
      result += character;
    }
  }
  budget.reserve(result.length);
  return result;
};

const cased =
  (wanted: 'upper' | 'lower'): StringMethod =>
  (self, args, budget) => {
    bind(`is${wanted}`, args, []);
    lookAtEach(self, budget);
    const letters = characters(self).filter(isCased);
    const fits = (letter: string) =>
      wanted === 'upper' ? letter.toUpperCase() === letter : letter.toLowerCase() === letter;
    return letters.length > 0 && letters.every(fits);
  };

export const stringMethods: ReadonlyMap<string, StringMethod> = new Map<string, StringMethod>([
  ['capitalize', mapped(capitalize)],
  ['casefold', mapped((self) => self.toLowerCase().replaceAll('ß', 'ss').replaceAll('ς', 'σ'))],
  ['center', pad('center')],
  ['count', count],
  ['endswith', affix('endswith')],
  ['expandtabs', expandtabs],
  ['find', find('find', false, false)],
  ['index', find('index', false, true)],
  ['isalnum', every(/[\p{L}\p{N}]/u)],
  ['isalpha', every(/\p{L}/u)],
  ['isascii', whole('isascii', (self) => /^[\0-\x7f]*$/.test(self))],
  ['isdecimal', every(/\p{Nd}/u)],
  ['isdigit', every(/[\p{Nd}²³¹⁰⁴-⁹₀-₉]/u)],
  ['isidentifier', whole('isidentifier', (self) => /^[\p{XID_Start}_][\p{XID_Continue}]*$/u.test(self))],
  ['islower', cased('lower')],
  ['isnumeric', every(/\p{N}/u)],
  ['isprintable', whole('isprintable', (self) => characters(self).every(isPrintable))],
  ['isspace', every(space)],
  ['istitle', whole('istitle', (self) => characters(self).some(isCased) && title(self) === self)],
  ['isupper', cased('upper')],
  ['join', join],
  ['ljust', pad('ljust')],
  ['lower', mapped((self) => self.toLowerCase())],
  ['lstrip', strip('lstrip', true, false)],
  ['partition', partition('partition')],
  [
    'removeprefix',
    (self, args) => {
      const [prefix = null] = bind('removeprefix', args, ['/prefix']);
      const start = text(prefix, 'removeprefix() argument');
      return self.startsWith(start) ? self.slice(start.length) : self;
    },
  ],
  [
    'removesuffix',
    (self, args) => {
      const [suffix = null] = bind('removesuffix', args, ['/suffix']);
      const end = text(suffix, 'removesuffix() argument');
      return end !== '' && self.endsWith(end) ? self.slice(0, -end.length) : self;
    },
  ],
  ['replace', replace],
  ['rfind', find('rfind', true, false)],
  ['rindex', find('rindex', true, true)],
  ['rjust', pad('rjust')],
  ['rpartition', partition('rpartition')],
  ['rsplit', split('rsplit')],
  ['rstrip', strip('rstrip', false, true)],
  ['split', split('split')],
  ['splitlines', splitlines],
  ['startswith', affix('startswith')],
  ['strip', strip('strip', true, true)],
  [
    'swapcase',
    mapped((self) =>
      characters(self)
        .map((character) => (character.toUpperCase() === character ? character.toLowerCase() : character.toUpperCase()))
        .join(''),
    ),
  ],
  ['title', mapped(title)],
  ['upper', mapped((self) => self.toUpperCase())],
  [
    'zfill',
    (self, args, budget) => {
      const [widthArgument = null] = bind('zfill', args, ['/width']);
      const width = Number(integer(widthArgument));
      const missing = width - codePoints(self);
      if (missing <= 0) return self;
      budget.reserve(width);
      const signed = /^[+-]/.test(self);
      return (signed ? self.charAt(0) : '') + '0'.repeat(missing) + (signed ? self.slice(1) : self);
    },
  ],
  [
    'format',
    () => {
      throw new EvaluationFailure('Unsupported', 'str.format is not available; use str(…) and +');
    },
  ],
]);
