import { CST, Lexer } from 'yaml';
import type { DiagnosticCode } from '../codes.js';

/** A problem in a text outside of values: its place and the fix. */
export interface TextFault {
  readonly code: DiagnosticCode;
  readonly offset: number;
  readonly length: number;
  readonly message: string;
  readonly hint: string;
}

/** Enough to show that a file has the wrong kind of white space; a report of each would hide the rest. */
const maxFaults = 10;

/** Characters that are not allowed in YAML, 1.1 or 1.2, and those that are line breaks in 1.1 only. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const foreign = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]/g;

/** Lexemes of the YAML library that do not represent text. */
const marks: ReadonlySet<string> = new Set([CST.DOCUMENT, CST.FLOW_END, CST.SCALAR]);

/**
 * Matches every text in which `lexicalFaults` finds something; nearly all templates do not match and skip a second
 * scan.
 */
const suspicious = /\t|\\\/|(?:^|[\s[{,])(?:&[^\s&]|[:?][^\s])/m;

/**
 * Finds text other than values that YAML 1.1 parsers, including CloudFormation's, reject or read differently:
 * characters, tabs, escapes, anchors, and signs at the beginning of a text.
 */
export function textFaults(text: string): readonly TextFault[] {
  return [...foreignCharacters(text), ...(suspicious.test(text) ? lexicalFaults(text) : [])];
}

function foreignCharacters(text: string): TextFault[] {
  return [...text.matchAll(foreign)].slice(0, maxFaults).map(({ index, 0: character }) => {
    const name = `U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
    return {
      code: 'unsupported-yaml',
      offset: index,
      length: 1,
      message: `CloudFormation does not read the character ${name} in YAML as it stands here.`,
      hint: `Remove it, or write "\\u${name.slice(2)}" in double quotes.`,
    };
  });
}

function lexicalFaults(text: string): TextFault[] {
  const faults: TextFault[] = [];
  const fault = (offset: number, length: number, message: string, hint: string) =>
    faults.push({ code: 'unsupported-yaml', offset, length, message, hint });
  let offset = 0;
  /** True after the lexer's mark for a scalar without quotes; in a block scalar, a header precedes that mark. */
  let isUnquoted = false;
  let isBlock = false;
  let flowDepth = 0;
  for (const lexeme of new Lexer().lex(text)) {
    if (marks.has(lexeme)) {
      isUnquoted = lexeme === CST.SCALAR;
      continue;
    }
    const type = isUnquoted ? (isBlock ? 'block' : 'plain') : CST.tokenType(lexeme);
    if (type === 'flow-seq-start' || type === 'flow-map-start') flowDepth += 1;
    else if (type === 'flow-seq-end' || type === 'flow-map-end') flowDepth -= 1;
    if (type === 'anchor')
      fault(
        offset,
        lexeme.length,
        `The anchor ${lexeme} has no use: CloudFormation refuses aliases.`,
        `Remove it, or put the text in quotes.`,
      );
    else if (type === 'plain' && flowDepth > 0 && /^[:?]/.test(lexeme))
      fault(
        offset,
        lexeme.length,
        `A text in brackets or braces begins with "${lexeme[0]}"; CloudFormation, which reads YAML 1.1, refuses it.`,
        'Put the text in quotes.',
      );
    // Tabs are only allowed in quotes, in block texts and in comments.
    else if (type === 'plain' || type === 'space') {
      const tab = lexeme.indexOf('\t');
      if (tab !== -1)
        fault(
          offset + tab,
          1,
          'A tab stands between words here; CloudFormation, which reads YAML 1.1, refuses it.',
          type === 'plain' ? 'Use spaces, or put the text in quotes (with "\\t" where a tab is meant).' : 'Use spaces.',
        );
    } else if (type === 'double-quoted-scalar') {
      const before = /^(?:[^\\]|\\[^/])*(?=\\\/)/.exec(lexeme)?.[0];
      if (before !== undefined)
        fault(
          offset + before.length,
          2,
          'The escape `\\/` is not known to CloudFormation, which reads YAML 1.1.',
          'Write the slash without the backslash.',
        );
    }
    if (faults.length >= maxFaults) break;
    if (type === 'block-scalar-header') isBlock = true;
    else if (isUnquoted) isBlock = false;
    isUnquoted = false;
    offset += lexeme.length;
  }
  return faults;
}
