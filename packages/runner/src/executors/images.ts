import { setTimeout as delay } from 'node:timers/promises';
import { given } from '@bclaw/spec/given';
import { type AccountRegistry, BclawError, expandImage, isPinnedImage, splitImage } from '@bclaw/spec/run-time';
import type Docker from 'dockerode';
import type { RunnerLog } from '../log.js';
import type { StepImage } from '../step-plan.js';
import { engineError, engineMessage, statusOf } from './engine-error.js';
import { type EngineLogin, registryLogin } from './registry-login.js';

/**
 * Makes sure that the engine has a step's image: pulls it when it is absent, or when its name may refer to another
 * image since (`latest`, `prod`). A short name is in the account's ECR; when that cannot be pulled, a local image with
 * that exact name is used, as on a developer's machine.
 *
 * @returns the name to start containers with
 * @throws BclawError `no-image`
 */
export async function provideImage(
  docker: Docker,
  image: StepImage,
  account: AccountRegistry,
  log: RunnerLog,
): Promise<string> {
  const fullName = expandImage(image.name, account);
  const present = await isPresent(docker, fullName);
  if (present && (isPinnedImage(fullName) || isBuiltHere(fullName))) return fullName;
  try {
    log.info('Pulling the image.', { stage: 'image', image: fullName });
    await pullPatiently(docker, fullName, await registryLogin(fullName, image.auth), log);
    return fullName;
  } catch (error) {
    if (present) {
      log.warning(`The image ${fullName} cannot be asked for again and may be outdated: ${engineMessage(error)}.`, {
        stage: 'image',
      });
      return fullName;
    }
    if (fullName !== image.name && (await isPresent(docker, image.name))) {
      log.warning(`The image ${fullName} cannot be pulled; using this machine's own ${image.name}.`, {
        stage: 'image',
      });
      return image.name;
    }
    if (error instanceof BclawError) throw error;
    throw new BclawError('no-image', `The image ${fullName} cannot be pulled: ${engineMessage(error)}.`, {
      hint: isTooManyRequests(error)
        ? 'Its registry allows only so many pulls in a time: log in with "+auth: <secret>", or copy the image to the account\'s ECR.'
        : 'Check the name and the tag; a private registry needs "+auth: <secret>" in the template.',
      cause: error,
    });
  }
}

/** The digest of an image that the engine has, in the registry that it came from; none for one that was built here. */
export async function imageDigest(docker: Docker, image: string): Promise<string | undefined> {
  const [, pinned] = image.split('@');
  if (pinned !== undefined) return pinned;
  try {
    const { RepoDigests } = await docker.getImage(image).inspect();
    return RepoDigests?.at(0)?.split('@')[1];
  } catch {
    return undefined; // only the report would tell
  }
}

/** Podman names its own builds as if they came from a registry `localhost`, without a port. */
function isBuiltHere(name: string): boolean {
  return splitImage(name).registry === 'localhost';
}

async function isPresent(docker: Docker, name: string): Promise<boolean> {
  try {
    await docker.getImage(name).inspect();
    return true;
  } catch (error) {
    if (statusOf(error) === 404) return false;
    throw engineError(error, name);
  }
}

/** Waits for a registry that throttles, each longer than the last: three minutes in all… */
const pausesMs = [5_000, 15_000, 40_000, 120_000] as const;

/** …unless the engine itself retries for this long. */
const patienceMs = 600_000;

async function pullPatiently(
  docker: Docker,
  name: string,
  login: EngineLogin | undefined,
  log: RunnerLog,
): Promise<void> {
  const startedAt = performance.now();
  for (const pauseMs of pausesMs) {
    try {
      return await pull(docker, name, login);
    } catch (error) {
      if (!isTooManyRequests(error) || performance.now() - startedAt > patienceMs) throw error;
      // Without jitter, the jobs of a scatter would all retry at once.
      const seconds = Math.round((pauseMs * (0.5 + Math.random())) / 1000);
      log.warning(`The registry has had too many requests; trying again in ${seconds} s: ${engineMessage(error)}.`, {
        stage: 'image',
        image: name,
      });
      await delay(seconds * 1000);
    }
  }
  await pull(docker, name, login);
}

/** HTTP status 429, forwarded by engines from a registry (Docker Hub and ECR: `toomanyrequests`). */
function isTooManyRequests(error: unknown): boolean {
  return /toomanyrequests|too many requests|\b429\b/i.test(engineMessage(error));
}

async function pull(docker: Docker, name: string, login: EngineLogin | undefined): Promise<void> {
  const progress = await docker.pull(name, given({ authconfig: login }));
  await new Promise<void>((resolve, reject) => {
    docker.modem.followProgress(progress, (error: Error | null, messages: readonly unknown[]) => {
      const failure = messages?.map(errorIn).find((words) => words !== undefined);
      if (error) reject(error);
      else if (failure !== undefined) reject(new Error(failure));
      else resolve();
    });
  });
}

/** A pull that fails half way gets status 200 and reports the error in its progress stream. */
function errorIn(message: unknown): string | undefined {
  if (typeof message !== 'object' || message === null || !('error' in message)) return undefined;
  return typeof message.error === 'string' && message.error !== '' ? message.error : undefined;
}
