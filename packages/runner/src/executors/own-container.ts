import type Docker from 'dockerode';
import type { Mount } from './mounts.js';

/**
 * The id of the runner's own container, from ECS; undefined outside of ECS.
 *
 * @param metadataUri ECS_CONTAINER_METADATA_URI_V4
 */
export async function ownContainerId(metadataUri: string | undefined): Promise<string | undefined> {
  if (metadataUri === undefined) return undefined;
  const response = await fetch(metadataUri);
  const metadata: unknown = await response.json();
  if (typeof metadata !== 'object' || metadata === null || !('DockerId' in metadata)) return undefined;
  return String(metadata.DockerId);
}

/** The parts of the runner's own container that the step's container gets, too. */
export interface OwnContainer {
  /** All mounts but the engine's socket and the scratch folder: the step's file systems, which ECS mounts for the runner. */
  readonly mounts: readonly Mount[];
  /** Ids of the GPUs that ECS set aside for the job; absent when it names none. */
  readonly gpus?: readonly string[];
}

/** Reads the runner's own container from the engine. */
export async function ownContainer(docker: Docker, id: string, scratchPath: string): Promise<OwnContainer> {
  const inspected = await docker.getContainer(id).inspect();
  const gpus = assignedGpus(inspected);
  return { mounts: ownMounts(inspected.Mounts, scratchPath), ...(gpus.length === 0 ? {} : { gpus }) };
}

function ownMounts(mounts: Docker.ContainerInspectInfo['Mounts'], scratchPath: string): readonly Mount[] {
  return mounts
    .filter(({ Destination: target }) => target !== scratchPath && !target.endsWith('docker.sock'))
    .map((mount): Mount => {
      const where = { target: mount.Destination, isReadOnly: mount.RW === false };
      return mount.Type === 'volume' && mount.Name !== undefined
        ? { ...where, type: 'volume', source: mount.Name }
        : { ...where, type: 'bind', source: mount.Source };
    });
}

/** The parts of an inspected container that tell of GPUs. */
export interface InspectedGpus {
  readonly Config: { readonly Env?: readonly string[] | null | undefined };
  readonly HostConfig: { readonly DeviceRequests?: readonly Docker.DeviceRequest[] | null | undefined };
}

/** Names a device of the Container Device Interface: vendor, class, and the device itself. */
const cdiPrefix = /^nvidia\.com\/gpu=/;

/**
 * The GPUs that a container was created with. Its own environment does not tell: a runtime in CDI mode, as on ECS's GPU
 * hosts since 2026, replaces `NVIDIA_VISIBLE_DEVICES` with `void` in the container, after it has read the value that ECS
 * wrote into the container's configuration.
 */
export function assignedGpus({ Config, HostConfig }: InspectedGpus): readonly string[] {
  const requested = (HostConfig.DeviceRequests ?? [])
    .flatMap(({ DeviceIDs }) => DeviceIDs ?? [])
    .filter((id: string) => cdiPrefix.test(id) || !id.includes('='));
  const visible = (Config.Env ?? []).find((line) => line.startsWith(variable))?.slice(variable.length) ?? '';
  const ids = requested.length > 0 ? requested : visible.split(',');
  return ids.map((id) => id.replace(cdiPrefix, '').trim()).filter((id) => !namesNoDevice.has(id));
}

const variable = 'NVIDIA_VISIBLE_DEVICES=';
/** Values of the variable that are no ids of devices. */
const namesNoDevice: ReadonlySet<string> = new Set(['', 'all', 'none', 'void']);
