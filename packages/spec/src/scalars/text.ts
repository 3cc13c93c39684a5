import { jsonText } from './json.js';

/** A value as text: texts verbatim, numbers, booleans and null in JSON notation, lists and maps as compact JSON. */
export function asText(value: unknown): string {
  return typeof value === 'string' ? value : jsonText(value);
}
