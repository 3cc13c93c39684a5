/** A launcher rejects an event: always a permanent error, so the event ends in the dead-letter queue. */
export class LaunchRefused extends Error {
  override readonly name = 'LaunchRefused';
}

/** The parts of an error that logs and dead letters show: its name, which for AWS's errors is their code, and its message. */
export const nameAndMessage = (error: unknown): readonly [name: string, message: string] =>
  error instanceof Error ? [error.name, error.message] : ['Error', String(error)];
