/** Thrown when work was cancelled because the job stops. */
export class Stopped extends Error {
  override readonly name = 'Stopped';
  readonly signal: StopSignal;

  constructor(signal: StopSignal) {
    super(`The job was stopped by ${signal}.`);
    this.signal = signal;
  }
}

export type StopSignal = 'SIGINT' | 'SIGTERM';

/** A shell's exit code for a process that a signal ended: 128 and the signal's number. */
export function exitCodeOf(signal: StopSignal): number {
  return signal === 'SIGINT' ? 130 : 143;
}
