import { parseJson } from './scalars/json.js';

/*
 * Step Functions parses and rewrites the values of a scatter's branch, and rounds or respells numbers in the process.
 * So a value with such numbers is accompanied by its JSON as a text, under a name that no scatter source can have.
 * Native steps see numbers, or the digits of a whole number that would be rounded; bclaw's own functions and the runner
 * read the text.
 */

/** @param name of the value */
export const exactName = (name: string): string => `=${name}`;

/** The values of a branch as sent, with each value that was also sent as JSON text restored from it. */
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
