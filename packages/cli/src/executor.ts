import type { EngineOptions, Executor } from '@bclaw/local';
import { BclawError } from '@bclaw/spec';

/** What a command was told about how jobs' commands run; nothing = whatever this machine has. */
export interface ExecutorOptions {
  readonly executor?: Executor;
}

/**
 * Decides how the commands of jobs run: in containers where a container engine answers, else as processes of this
 * machine.
 *
 * @throws BclawError `no-container-engine` when containers were asked for and there is no engine for them
 */
export async function chooseExecutor({
  executor,
}: ExecutorOptions): Promise<Pick<EngineOptions, 'containerEngine'> & { readonly executor: Executor }> {
  if (executor === 'process') return { executor };
  // The engine's code is large: commands that start none do not load it.
  const { findContainerEngine } = await import('@bclaw/local');
  const containerEngine = await findContainerEngine();
  if (containerEngine !== undefined) return { executor: 'docker', containerEngine };
  if (executor === undefined) return { executor: 'process' };
  const named = process.env['DOCKER_HOST'];
  throw new BclawError(
    'no-container-engine',
    named ? `No container engine answers at ${named} (DOCKER_HOST).` : 'No container engine answers on this machine.',
    {
      remedy:
        'Start Docker or `podman system service`, name its socket with DOCKER_HOST, or use `--executor process`, which runs the commands on this machine itself.',
    },
  );
}

/** Says how jobs' commands run, in a sentence. */
export function executorSentence(executor: Executor, containerEngine?: string): string {
  switch (executor) {
    case 'docker':
      return `Commands run in their images, in containers${containerEngine === undefined ? '' : ` of ${containerEngine}`} (executor docker).`;
    case 'process':
      return 'Commands run as processes of this machine, not in their images (executor process).';
  }
}
