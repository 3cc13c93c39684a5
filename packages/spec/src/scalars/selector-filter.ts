import { quote, segmentsOf } from './selector-segments.js';

/** Tokens of a filter in the older dialect, which is Python with `@` for the item. */
const token =
  /\s+|'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|=~\s*\/(?:\\.|[^/\\])*\/|[@$](?:\.[\p{L}_][\p{L}\p{N}_-]*|\.\d+|\[(?:'[^']*'|"[^"]*"|-?\d+)\])*|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|[\p{L}_][\p{L}\p{N}_]*|&&|\|\||[=!<>]=|=~|[=<>!()[\],]/gsuy;

const words: ReadonlyMap<string, string> = new Map([
  ['and', '&&'],
  ['or', '||'],
  ['not', '!'],
  ['True', 'true'],
  ['False', 'false'],
  ['None', 'null'],
  ['len', 'length'],
  ['=', '=='],
]);

/** Converts a filter to RFC 9535; undefined when it is invalid. */
export function filterOf(text: string): string | undefined {
  const tokens = tokensOf(text)?.map(translated);
  if (tokens === undefined) return undefined;
  const result: string[] = [];
  for (let at = 0; at < tokens.length; at += 1) {
    const item = tokens[at] ?? '';
    const left = result.at(-1);
    if (item === 'in') {
      const end = tokens.indexOf(']', at);
      const choices = tokens.slice(at + 2, end).filter((choice) => choice !== ',');
      if (left === undefined || tokens[at + 1] !== '[' || choices.length === 0) return undefined;
      result.splice(-1, 1, `(${choices.map((choice) => `${left} == ${choice}`).join(' || ')})`);
      at = end;
    } else if (item.startsWith('=~')) {
      const pattern = item === '=~' ? tokens[++at] : quote(item.replace(/^=~\s*\//, '').slice(0, -1));
      if (left === undefined || pattern === undefined) return undefined;
      result.splice(-1, 1, `search(${left}, ${pattern})`);
    } else if (/^[@$].*\[-?\d+\]/s.test(item) && (isComparison(tokens[at - 1]) || isComparison(tokens[at + 1])))
      result.push(`value(${item})`);
    else result.push(item);
  }
  return result.join(' ').replace(/(?<=[\p{L}]) \( /gu, '(');
}

const isComparison = (item: string | undefined): boolean => item !== undefined && /^(?:[=!<>]=|[<>])$/.test(item);

function tokensOf(text: string): string[] | undefined {
  const tokens = [...text.matchAll(token)].map(([piece]) => piece);
  return tokens.join('') === text ? tokens.filter((piece) => piece.trim() !== '') : undefined;
}

function translated(piece: string): string {
  if (!/^[@$]/.test(piece)) return words.get(piece) ?? piece;
  const isLength = piece.endsWith('.length') && piece.startsWith('@');
  const path = isLength ? piece.slice(0, -'.length'.length) : piece;
  const segments = segmentsOf(path.slice(1), () => undefined);
  const read = segments === undefined ? path : `${path.slice(0, 1)}${segments.replace(/\[(\d+),'\1'\]/g, '[$1]')}`;
  return isLength ? `length(${read})` : read;
}
