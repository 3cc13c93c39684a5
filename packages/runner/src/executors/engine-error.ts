import { BclawError } from '@bclaw/spec/run-time';
import { duringWork } from './engine-answer.js';

/** The HTTP status of a container engine's response, if there was one. */
export function statusOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('statusCode' in error)) return undefined;
  return typeof error.statusCode === 'number' ? error.statusCode : undefined;
}

/** Returns true if a container could not be created because the engine does not have its image. */
export const isMissingImage = (error: unknown): boolean =>
  statusOf(error) === 404 && /no such image|image not known/i.test(engineMessage(error));

/** A container engine's own error message. */
export function engineMessage(error: unknown): string {
  const answer = typeof error === 'object' && error !== null && 'json' in error ? error.json : undefined;
  if (typeof answer === 'object' && answer !== null && 'message' in answer) return String(answer.message);
  return error instanceof Error ? error.message : String(error);
}

/** The reason why a container could not be created, as a sentence with a hint. */
export function engineError(error: unknown, image: string): BclawError {
  if (error instanceof BclawError) return error;
  const words = engineMessage(error);
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT' || code === 'ECONNREFUSED' || code === 'EACCES')
    return new BclawError('no-container-engine', `The container engine cannot be reached: ${words}.`, {
      hint: 'Is it running, and may this user use its socket? DOCKER_HOST names it (default /var/run/docker.sock); on one machine, the executor "process" needs none.',
      cause: error,
    });
  if (/cgroup|controller|resource limit|memory limit|cpu shares/i.test(words))
    return new BclawError('limits-refused', `The container engine cannot limit what a container uses: ${words}.`, {
      hint: 'A rootless engine needs cgroups v2 with the cpu and memory controllers delegated to its user; run the engine as root, or use the executor "process".',
      cause: error,
    });
  const lost = duringWork(error);
  if (lost instanceof BclawError) return lost;
  return new BclawError('container-refused', `The container engine refused to run ${image}: ${words}.`, {
    cause: error,
  });
}
