/** Why a launcher refuses an event: always a fault that a retry cannot mend, so it ends in the dead-letter queue. */
export class LaunchRefused extends Error {
  override readonly name = 'LaunchRefused';
}
