import { parseJson } from './scalars/json.js';

/*
 * Step Functions reads the values of a scatter's branch and writes them anew, and rounds or respells numbers while it does so. Beside a
 * value with such numbers its JSON travels as a text, under a name that no scatter source can have. Native steps see numbers, or
 * the digits of a whole number that would be rounded; everything of bclaw's reads the text.
 */

/** @param name of the value */
export const exactName = (name: string): string => `=${name}`;

/** Values of a branch as they travelled, with those in place whose JSON travelled as a text beside them. */
export function exactValues(values: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const names = Object.keys(values);
  if (!names.some((name) => name.startsWith('='))) return values;
  return Object.fromEntries(
    names
      .filter((name) => !name.startsWith('='))
      .map((name) => {
        const exact = values[exactName(name)];
        return [name, typeof exact === 'string' ? parseJson(exact) : values[name]];
      }),
  );
}
