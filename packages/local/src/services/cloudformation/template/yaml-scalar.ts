const nulls = /^(?:~|null|Null|NULL|)$/;
const truths = /^(?:yes|Yes|YES|true|True|TRUE|on|On|ON)$/;
const falsehoods = /^(?:no|No|NO|false|False|FALSE|off|Off|OFF)$/;
const integer = /^([-+]?)(?:0b([01_]+)|0x([0-9a-fA-F_]+)|0([0-7_]+)|0|([1-9][0-9_]*(?::[0-5]?[0-9])*))$/;
const float =
  /^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?)$|^([-+]?)([0-9][0-9_]*)((?::[0-5]?[0-9])+\.[0-9_]*)$/;
const noJson = /^(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)|=|<<)$/;

/**
 * Parses an unquoted scalar as CloudFormation does, by the YAML 1.1 rules of SnakeYAML: `y` and `n` are text, and so
 * are dates (CloudFormation has no timestamps) and account ids that begin with 0 and are not octal numbers. An integer
 * that JavaScript cannot represent stays text, because AWS keeps all of its digits.
 *
 * @returns undefined for values that JSON cannot represent: infinities, NaN, and YAML's own `=` and `<<`
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-formats.html
 */
export function plainValue(text: string): string | number | boolean | null | undefined {
  if (nulls.test(text)) return null;
  if (truths.test(text)) return true;
  if (falsehoods.test(text)) return false;
  if (noJson.test(text)) return undefined;
  const whole = integer.exec(text);
  if (whole !== null) {
    const [, sign, binary, hexadecimal, octal, decimal = '0'] = whole;
    const value = signed(
      sign,
      binary !== undefined
        ? radix(binary, 2)
        : hexadecimal !== undefined
          ? radix(hexadecimal, 16)
          : octal !== undefined
            ? radix(octal, 8)
            : sexagesimal(decimal),
    );
    return Number.isSafeInteger(value) ? value : text;
  }
  const real = float.exec(text);
  if (real === null) return text;
  const [, sign, first, rest] = real;
  return first === undefined ? Number(plain(text)) : signed(sign, sexagesimal(`${first}${rest}`));
}

const plain = (digits: string): string => digits.replaceAll('_', '');
const radix = (digits: string, base: number): number => Number.parseInt(plain(digits), base);
const signed = (sign: string | undefined, value: number): number => (sign === '-' ? 0 - value : value);

/** `1:30` is 90. */
function sexagesimal(text: string): number {
  return plain(text)
    .split(':')
    .reduce((sum, part) => sum * 60 + Number(part), 0);
}
