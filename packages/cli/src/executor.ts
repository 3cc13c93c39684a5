import type { EngineOptions, Executor } from '@bclaw/local';
import { BclawError } from '@bclaw/spec';

/**
 * Selects the executor for jobs' commands: containers if a container engine responds, else processes of this machine.
 *
 * @throws BclawError `no-container-engine` when containers were requested and there is no container engine
 */
export async function chooseExecutor({
  executor,
}: {
  readonly executor?: Executor;
}): Promise<Pick<EngineOptions, 'containerEngine'> & { readonly executor: Executor }> {
  if (executor === 'process') return { executor };
  // The engine's code is large, so commands without an engine do not load it.
  const { findContainerEngine } = await import('@bclaw/local');
  const containerEngine = await findContainerEngine();
  if (containerEngine !== undefined) return { executor: 'docker', containerEngine };
  if (executor === undefined) return { executor: 'process' };
  const named = process.env['DOCKER_HOST'];
  throw new BclawError(
    'no-container-engine',
    named ? `No container engine answers at ${named} (DOCKER_HOST).` : 'No container engine answers on this machine.',
    {
      hint: 'Start Docker or `podman system service`, name its socket with DOCKER_HOST, or use `--executor process`, which runs the commands on this machine itself.',
    },
  );
}

/** Describes the executor in a sentence. */
export function executorSentence(executor: Executor, containerEngine?: string): string {
  switch (executor) {
    case 'docker':
      return `Commands run in their images, in containers${containerEngine === undefined ? '' : ` of ${containerEngine}`} (executor docker).`;
    case 'process':
      return 'Commands run as processes of this machine, not in their images (executor process).';
  }
}
