import type Docker from 'dockerode';

/** A volume or folder of the runner's own container that the user's container gets too. */
export interface OwnMount {
  readonly type: 'bind' | 'volume';
  /** A folder of the host, or a volume's name. */
  readonly source: string;
  readonly target: string;
}

/**
 * What is mounted into the runner's own container beside the engine's socket and the scratch folder: the step's file
 * systems, which ECS mounts for the runner alone. Empty outside of ECS.
 */
export async function ownMounts(
  docker: Docker,
  metadataUri: string | undefined,
  scratchPath: string,
): Promise<readonly OwnMount[]> {
  if (metadataUri === undefined) return [];
  const response = await fetch(metadataUri);
  const metadata: unknown = await response.json();
  if (typeof metadata !== 'object' || metadata === null || !('DockerId' in metadata)) return [];
  const { Mounts: mounts } = await docker.getContainer(String(metadata.DockerId)).inspect();
  return mounts
    .filter(({ Destination: target }) => target !== scratchPath && !target.endsWith('docker.sock'))
    .map((mount) =>
      mount.Type === 'volume' && mount.Name !== undefined
        ? { type: 'volume', source: mount.Name, target: mount.Destination }
        : { type: 'bind', source: mount.Source, target: mount.Destination },
    );
}
