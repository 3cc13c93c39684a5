import { hasMembers } from './with-members.js';

/** A short description of a value, for messages: `a list`, `an empty map`, `"four"`, `nothing`. */
export function inWords(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (hasMembers(value)) return Object.keys(value).length === 0 ? 'an empty map' : 'a map';
  const text = typeof value === 'string' ? `"${value}"` : String(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
