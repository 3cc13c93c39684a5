import { isArray, type Json } from './json.js';

/**
 * Returns a value as Step Functions prints it inside text: it runs on Java, which prints the object `{"a": [1]}` as
 * `{a=[1]}`. Text is printed as it is.
 */
export function printed(value: Json): string {
  if (isArray(value)) return `[${value.map(printed).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  return `{${Object.entries(value)
    .map(([key, item]) => `${key}=${printed(item)}`)
    .join(', ')}}`;
}
