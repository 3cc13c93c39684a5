/** The thresholds of a map run; undefined = not given. */
export interface Tolerance {
  readonly toleratedFailureCount?: number | undefined;
  readonly toleratedFailurePercentage?: number | undefined;
}

/**
 * Returns true if more items failed than a map run tolerates. With both thresholds, exceeding either one is too much;
 * without thresholds, the first failure is (Step Functions, "Failure thresholds for Distributed Map states").
 *
 * @param total number of all items, or undefined while they are being read: the percentage is unknown until then
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
