/** One page of a list. Lambda's `Marker` is the position of the first item of the next page. */
export function page<T>(
  items: readonly T[],
  input: { readonly Marker?: string; readonly MaxItems?: number },
): { items: readonly T[]; NextMarker?: string } {
  const start = input.Marker === undefined ? 0 : Math.max(0, Number.parseInt(input.Marker, 10) || 0);
  const end = start + Math.min(Math.max(input.MaxItems ?? 50, 1), 10_000);
  return { items: items.slice(start, end), ...(end < items.length ? { NextMarker: String(end) } : {}) };
}
