import { isScalar, type ScalarTag, Schema } from 'yaml';

/** The library's own rules for plain scalars other than texts: null, booleans and numbers. */
const rules = new Schema({ schema: 'core' }).tags.filter(
  (tag): tag is ScalarTag => tag.collection === undefined && tag.default === true && tag.test !== undefined,
);

/** The beginning of every text that one of the rules matches. Most scalars are texts and skip the eight rules. */
const beginsLikeValue = /^(?:$|[-+.0-9~nNtTfF])/;

/** The value of a scalar without quotes and without a tag in YAML 1.2. */
export function coreValue(text: string): unknown {
  if (!beginsLikeValue.test(text)) return text;
  const rule = rules.find(({ test }) => test?.test(text));
  if (rule === undefined) return text;
  const value = rule.resolve(text, () => {}, {});
  return isScalar(value) ? value.value : value;
}
