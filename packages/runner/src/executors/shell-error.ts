import { BclawError } from '@bclaw/spec/run-time';
import type Docker from 'dockerode';
import { statusOf } from './engine-error.js';
import { preludeWords } from './shell-prelude.js';

/** Standard folder of shells on Unix. */
const shellFolder = '/bin';

/**
 * Error messages for a program that cannot be started, of the init processes of Docker (tini) and podman (catatonit),
 * and of engines without one (runc, crun).
 */
const notStarted =
  /exec \S+ failed|failed to exec|executable file .*not found|exec: .*(no such file|permission denied)|exec \S+: /i;

/**
 * The reason why a container could not start its commands' shell, if that is the problem.
 *
 * @param words message of the init process, the engine or the prelude
 * @param shell of the commands: `sh`, `bash`
 */
export async function shellError(
  docker: Docker,
  container: Docker.Container,
  { image, shell, words }: { readonly image: string; readonly shell: string; readonly words: string },
): Promise<BclawError | undefined> {
  const prelude = words.includes(preludeWords.noShell);
  if (!prelude && !notStarted.test(words)) return undefined;
  const said = words.trim().split('\n').at(-1) ?? '';
  if (/exec format error/i.test(words)) return otherProcessor(docker, image, said);
  const missing = prelude ? shell : 'sh';
  const path = await pathOf(docker, image);
  if (path !== undefined && !path.split(':').includes(shellFolder) && (await hasFile(container, missing)))
    return new BclawError(
      'no-shell-in-path',
      `The image ${image} has ${shellFolder}/${missing}, but its PATH (${path}) does not have ${shellFolder}.`,
      { hint: `Give the image a PATH with ${shellFolder}: ENV PATH="…:/usr/bin:/bin" in its Dockerfile.` },
    );
  return new BclawError('no-shell', `The image ${image} has no shell "${missing}"${prelude ? '' : `: ${said}`}.`, {
    hint:
      missing === 'sh'
        ? 'Commands are a shell script; use an image that has a shell.'
        : `Use an image that has ${missing}, or another "shell" for the step: sh is in nearly every image.`,
  });
}

async function otherProcessor(docker: Docker, image: string, said: string): Promise<BclawError> {
  const [{ Architecture: built }, { Architecture: own }] = await Promise.all([
    docker.getImage(image).inspect(),
    docker.info(),
  ]);
  return new BclawError(
    'other-processor',
    `The image ${image} is for another processor: it is built for ${built}, and this machine is ${own} (${said}).`,
    { hint: 'Use an image that is built for this processor, or for several: docker buildx build --platform …' },
  );
}

/** The image's search path; undefined when the image does not set it, so that the engine's default applies. */
async function pathOf(docker: Docker, image: string): Promise<string | undefined> {
  const { Config: config } = await docker.getImage(image).inspect();
  return config.Env?.find((variable) => variable.startsWith('PATH='))?.slice('PATH='.length);
}

async function hasFile(container: Docker.Container, name: string): Promise<boolean> {
  try {
    const answer: unknown = await container.infoArchive({ path: `${shellFolder}/${name}` });
    return answer !== undefined;
  } catch (error) {
    if (statusOf(error) === 404) return false;
    throw error;
  }
}
