/**
 * Names one attempt of a Task. It is the same after a restart, so that work that was begun before can be found again,
 * and it is the token of `.waitForTaskToken`.
 *
 * @param runId the execution's key in the journal
 * @param redrives how often the execution was redriven
 * @param enteredId the event of the state's entry
 * @param retries how often the state was retried since
 */
export function taskToken(runId: string, redrives: number, enteredId: number, retries: number): string {
  return Buffer.from(JSON.stringify([runId, redrives, enteredId, retries])).toString('base64url');
}
