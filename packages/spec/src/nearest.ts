/**
 * Returns the candidate that a misspelt name most probably means, or undefined when none is close.
 *
 * @example
 * ```ts
 * nearest('comands', ['commands', 'compute']); // 'commands'
 * ```
 */
export function nearest(name: string, candidates: Iterable<string>): string | undefined {
  const wanted = name.toLowerCase().slice(0, 100);
  // Up to a third of the letters may differ; in the shortest names, only their case.
  let best = Math.floor(wanted.length / 3) + 1;
  let found: string | undefined;
  for (const candidate of candidates) {
    const other = candidate.toLowerCase();
    // Among equally close candidates, the one with the same first letter wins.
    const distance = editDistance(wanted, other, best) + (wanted[0] === other[0] ? 0 : 0.5);
    if (distance < best) {
      best = distance;
      found = candidate;
    }
  }
  return found;
}

/** Damerau–Levenshtein distance (adjacent transpositions count once); stops at `limit`. */
function editDistance(left: string, right: string, limit: number): number {
  if (Math.abs(left.length - right.length) >= limit) return limit;
  let beforeLast: number[] = [];
  let last = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let i = 1; i <= left.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= right.length; j += 1) {
      const same = left[i - 1] === right[j - 1];
      let cost = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1));
      if (i > 1 && j > 1 && left[i - 1] === right[j - 2] && left[i - 2] === right[j - 1])
        cost = Math.min(cost, (beforeLast[j - 2] ?? 0) + 1);
      row.push(cost);
    }
    if (Math.min(...row) >= limit) return limit;
    beforeLast = last;
    last = row;
  }
  return last[right.length] ?? limit;
}

/** A hint that names the nearest candidate, or lists all of them when none is close. */
export function didYouMean(name: string, candidates: readonly string[]): string {
  const near = nearest(name, candidates);
  if (near !== undefined) return `Did you mean \`${near}\`?`;
  return candidates.length === 0 ? 'There is nothing to name here.' : `Use one of: ${candidates.join(', ')}.`;
}
