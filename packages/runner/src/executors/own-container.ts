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

/**
 * The mounts of the runner's own container except the engine's socket and the scratch folder: the step's file systems,
 * which ECS mounts only for the runner.
 */
export async function ownMounts(docker: Docker, id: string, scratchPath: string): Promise<readonly Mount[]> {
  const { Mounts: mounts } = await docker.getContainer(id).inspect();
  return mounts
    .filter(({ Destination: target }) => target !== scratchPath && !target.endsWith('docker.sock'))
    .map((mount): Mount => {
      const where = { target: mount.Destination, isReadOnly: mount.RW === false };
      return mount.Type === 'volume' && mount.Name !== undefined
        ? { ...where, type: 'volume', source: mount.Name }
        : { ...where, type: 'bind', source: mount.Source };
    });
}
