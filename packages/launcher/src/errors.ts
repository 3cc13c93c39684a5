/** A launcher rejects an event: always a permanent error, so the event ends in the dead-letter queue. */
export class LaunchRefused extends Error {
  override readonly name = 'LaunchRefused';
}
