import { isScalar, type ScalarTag, Schema } from 'yaml';

/** The library's own rules for what a plain scalar is beside a text: null, booleans and numbers. */
const rules = new Schema({ schema: 'core' }).tags.filter(
  (tag): tag is ScalarTag => tag.collection === undefined && tag.default === true && tag.test !== undefined,
);

/** How everything begins that one of the rules takes. Most scalars are texts: they are spared the eight rules. */
const beginsLikeValue = /^(?:$|[-+.0-9~nNtTfF])/;

/** What a scalar without quotes and without a tag means in YAML 1.2. */
export function coreValue(text: string): unknown {
  if (!beginsLikeValue.test(text)) return text;
  const rule = rules.find(({ test }) => test?.test(text));
  if (rule === undefined) return text;
  const value = rule.resolve(text, () => {}, {});
  return isScalar(value) ? value.value : value;
}
