import { coreValue } from './core-schema.js';

/** The beginning of every text that YAML 1.1 or 1.2 may read as something other than text. */
const mayDiffer = /^(?:$|[-+.0-9~=<]|(?:yes|no|on|off|true|false|null)$)/i;

const nulls = /^(?:~|null|Null|NULL|)$/;
const booleans = /^(?:(yes|Yes|YES|true|True|TRUE|on|On|ON)|no|No|NO|false|False|FALSE|off|Off|OFF)$/;
const integers = /^[-+]?(?:0b[01_]+|0x[0-9a-fA-F_]+|0[0-7_]+|0|[1-9][0-9_]*(?::[0-5]?[0-9])*)$/;
const floats =
  /^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*)$/;

/**
 * The value of a scalar without quotes and without a tag in YAML 1.1, as CloudFormation reads it. Unlike in the
 * specification's own examples, `y` and `n` are text, as in SnakeYAML and PyYAML, and so are dates: CloudFormation does
 * not support the type `timestamp`.
 *
 * @see https://yaml.org/type/ for the rules
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-formats.html for the exceptions
 */
export function yaml11Value(text: string): string | number | boolean | null {
  if (!mayDiffer.test(text)) return text;
  if (nulls.test(text)) return null;
  const boolean = booleans.exec(text);
  if (boolean !== null) return boolean[1] !== undefined;
  if (integers.test(text) || floats.test(text)) return yaml11Number(text);
  return text;
}

function yaml11Number(text: string): number {
  const digits = text.replaceAll('_', '').replace(/^[-+]/, '');
  const sign = text.startsWith('-') ? -1 : 1;
  if (/^0[bx]/.test(digits)) return sign * Number(digits);
  if (/^0[0-7]+$/.test(digits)) return sign * Number.parseInt(digits, 8);
  // Base 60: 1:30 is 90.
  if (digits.includes(':')) return sign * digits.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
  return sign * Number(digits);
}

/** A scalar that CloudFormation and a reader of YAML 1.2 may interpret differently: the message and the hint. */
export interface Ambiguity {
  readonly message: string;
  readonly hint: string;
}

/**
 * Checks that a plain scalar has only one meaning.
 *
 * @param text the scalar as written, without quotes
 * @returns undefined when YAML 1.1 and YAML 1.2 agree on it
 *
 * @example
 * ```ts
 * ambiguityOf('NO')?.hint; // 'Write "NO" for the text, or false for the boolean.'
 * ambiguityOf('12'); // undefined
 * ```
 */
export function ambiguityOf(text: string): Ambiguity | undefined {
  if (!mayDiffer.test(text)) return undefined;
  if (text === '=' || text === '<<')
    return {
      message: `\`${text}\` without quotes has a special meaning to CloudFormation, which reads YAML 1.1.`,
      hint: `Put it in quotes: "${text}".`,
    };
  const old = yaml11Value(text);
  const now = coreValue(text);
  if (typeof now === 'number' && !Number.isFinite(now))
    return {
      message: `\`${text}\` is not a number that CloudFormation can hold: JSON has no infinity and no "not a number".`,
      hint: `Put it in quotes if it is meant as text: "${text}".`,
    };
  if (typeof now === 'number' && Number.isInteger(now) && !Number.isSafeInteger(now))
    return {
      message: `\`${text}\` is too large for a whole number: its last digits would be lost.`,
      hint: `Put it in quotes to keep every digit: "${text}".`,
    };
  // `===`: -0 and 0 are the same number.
  if (old === now) return undefined;
  // Quotes always make a text, which may be what is meant where both readings are something else.
  const meanings = typeof old === 'string' || typeof now === 'string' ? [old, now] : [text, old, now];
  return {
    message: `\`${text}\` is ${inWords(old)} to CloudFormation, which reads YAML 1.1, but ${inWords(now)} in YAML 1.2.`,
    hint: `Write ${meanings
      .sort((one) => (typeof one === 'string' ? -1 : 1))
      .map(unambiguous)
      .join(', or ')}.`,
  };
}

/**
 * Checks that a plain key keeps its spelling: CloudFormation reads a key as a value and converts that to text.
 *
 * @returns undefined when it does
 */
export function keyAmbiguityOf(text: string): Ambiguity | undefined {
  if (!mayDiffer.test(text)) return undefined;
  const read = yaml11Value(text);
  if (read !== null && String(read) === text && text !== '=' && coreValue(text) === read) return undefined;
  return {
    message: `The key \`${text}\` is ${inWords(read)} to CloudFormation, which reads YAML 1.1, so it may not keep its spelling.`,
    hint: `Put the key in quotes: "${text}".`,
  };
}

function inWords(value: unknown): string {
  if (value === null) return 'null';
  return typeof value === 'string' ? `the text "${value}"` : `the ${typeof value} ${value}`;
}

function unambiguous(value: unknown): string {
  if (typeof value === 'string') return `"${value}" for the text`;
  return value === null ? 'null for no value' : `${value} for the ${typeof value}`;
}
