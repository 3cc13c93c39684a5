/** Converts the content of `?…` or `?(…)`; undefined when it is invalid. */
export type FilterReader = (text: string) => string | undefined;

const slice = /^-?\d*:-?\d*(?::-?\d*)?$/;
const quoted = /^(['"]).*\1$/s;

/**
 * Converts the segments of a path in the older dialect of JSONPath to RFC 9535.
 *
 * @param path the part after `$` or `@`
 * @returns undefined when it is not a path in either dialect
 */
export function segmentsOf(path: string, filterOf: FilterReader): string | undefined {
  let result = '';
  let at = 0;
  while (at < path.length) {
    const dots = /^\.{0,2}/.exec(path.slice(at))?.[0] ?? '';
    at += dots.length;
    if (at === path.length) return dots === '.' ? result : undefined;
    if (path[at] === '[') {
      const end = closingBracket(path, at);
      const inside = end === undefined ? undefined : bracket(path.slice(at + 1, end), filterOf);
      if (end === undefined || inside === undefined) return undefined;
      result += (dots === '..' ? '..' : '') + inside;
      at = end + 1;
      continue;
    }
    const name = /^(?:'[^']*'|"[^"]*"|[^.[\]'"]+)/.exec(path.slice(at))?.[0];
    // Functions at the end, a feature of yet other dialects, are not names.
    if (name === undefined || dots === '' || /^[^*'"].*[()?@$*,=<>!&|]/s.test(name)) return undefined;
    result += segment(quoted.test(name) ? name.slice(1, -1) : name.trim(), dots);
    at += name.length;
  }
  return result;
}

/** A name after dots. The older dialect allows indices and slices there, too. */
function segment(name: string, dots: string): string {
  if (name === '*') return `${dots}*`;
  const before = dots === '..' ? '..' : '';
  if (slice.test(name)) return `${before}[${name}]`;
  // In a list it is an index, in a map a name.
  if (/^\d+$/.test(name)) return `${before}[${Number(name)},'${name}']`;
  return /^[\p{L}_][\p{L}\p{N}_]*$/u.test(name) ? `${dots}${name}` : `${before}[${quote(name)}]`;
}

function bracket(content: string, filterOf: FilterReader): string | undefined {
  const text = content.trim();
  if (text === '') return undefined;
  if (text.startsWith('?')) {
    const filter = filterOf(text.slice(1).trim());
    return filter === undefined ? undefined : `[?${filter}]`;
  }
  const [, fromEnd] = /^\(\s*@\.length\s*-\s*(\d+)\s*\)$/.exec(text) ?? [];
  if (fromEnd !== undefined) return `[-${fromEnd}]`;
  const pieces =
    text
      .match(/'[^']*'|"[^"]*"|[^,'"]+/g)
      ?.map((piece) => piece.trim())
      .filter((piece) => piece !== '') ?? [];
  const [first = '', ...others] = pieces;
  // `[*.b]` is `[*].b`.
  const [, head, tail] = quoted.test(first) ? [] : (/^([^.]+)(\..+)$/s.exec(first) ?? []);
  if (head === undefined || tail === undefined) return `[${pieces.map(selectorIn).join(',')}]`;
  const rest = others.length === 0 ? segmentsOf(tail, filterOf) : undefined;
  return rest === undefined ? undefined : `[${selectorIn(head)}]${rest}`;
}

const selectorIn = (piece: string): string =>
  piece === '*' || quoted.test(piece) || slice.test(piece) || /^-?\d+$/.test(piece) ? piece : quote(piece);

export const quote = (text: string): string => `'${text.replace(/[\\']/g, '\\$&')}'`;

/** Offset of the bracket that closes the one at `open`; brackets in quotes are ignored. */
function closingBracket(text: string, open: number): number | undefined {
  let depth = 0;
  for (const { 0: token, index } of text.slice(open).matchAll(/'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|[[\]]/gs)) {
    if (token === '[') depth += 1;
    else if (token === ']') depth -= 1;
    if (depth === 0) return open + index;
  }
  return undefined;
}
