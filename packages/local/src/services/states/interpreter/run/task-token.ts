/**
 * Identifies one attempt of a Task. It is the same after a restart, so that work that was started before can be found
 * again, and it is the token of `.waitForTaskToken`.
 *
 * @param runId the execution's key in the journal
 * @param redrives number of redrives of the execution
 * @param enteredId id of the event that entered the state
 * @param retries number of retries of the state since then
 */
export function taskToken(runId: string, redrives: number, enteredId: number, retries: number): string {
  return Buffer.from(JSON.stringify([runId, redrives, enteredId, retries])).toString('base64url');
}

/** Returns true if text has the form of a token, whether or not a Task waits for it. */
export function isTaskToken(text: string): boolean {
  return /^\["[^"]*",\d+,\d+,\d+\]$/.test(Buffer.from(text, 'base64url').toString('utf8'));
}
