/** True for a list or a map: a number that keeps its spelling is an object to JavaScript, and has no members. */
export function hasMembers(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !(value instanceof Number);
}

/**
 * Applies `change` to each item of a list or entry of a map; returns the same value when nothing changes. Other values
 * have no members.
 */
export function withMembers(value: unknown, change: (member: unknown) => unknown): unknown {
  if (!hasMembers(value)) return value;
  if (Array.isArray(value)) {
    const items: unknown[] = value.map(change);
    return items.every((item, index) => item === value[index]) ? value : items;
  }
  const entries = Object.entries(value);
  const changed = entries.map(([key, entry]) => [key, change(entry)] as const);
  return changed.every(([, entry], index) => entry === entries[index]?.[1]) ? value : Object.fromEntries(changed);
}
