/** The thresholds of a map run; undefined = not given. */
export interface Tolerance {
  readonly toleratedFailureCount?: number | undefined;
  readonly toleratedFailurePercentage?: number | undefined;
}

/**
 * Whether more items failed than a map run tolerates. With both thresholds, passing either is too much; with none, the
 * first failure is (Step Functions, "Failure thresholds for Distributed Map states").
 *
 * @param total all items, or undefined while they are still being read: no share is known before
 */
export function exceeds(
  { toleratedFailureCount: count, toleratedFailurePercentage: percentage }: Tolerance,
  failed: number,
  total: number | undefined,
): boolean {
  if (failed === 0) return false;
  if (count === undefined && percentage === undefined) return true;
  if (count !== undefined && failed > count) return true;
  return percentage !== undefined && total !== undefined && total > 0 && (failed / total) * 100 > percentage;
}
