import type { StepReport } from '@bclaw/ops';

/** Branches of a scatter that have ended, with any status. */
export const endedBranches = ({ branches }: StepReport): number =>
  branches === undefined ? 0 : branches.succeeded + branches.failed + branches.aborted;

/**
 * The time that the rest of a scatter takes if it goes on as it did, in milliseconds.
 *
 * @returns `undefined` until a branch has ended
 */
export function remainingMs(step: StepReport, now: Date): number | undefined {
  const ended = endedBranches(step);
  if (step.branches === undefined || step.status !== 'running' || ended === 0) return undefined;
  return ((now.getTime() - step.startedAt.getTime()) / ended) * (step.branches.total - ended);
}
