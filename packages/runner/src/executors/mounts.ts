import type Docker from 'dockerode';

/** A path of the host in a container. */
export interface Mount {
  readonly type: 'bind' | 'volume';
  /** A folder or file of the host, or a volume's name. */
  readonly source: string;
  readonly target: string;
  readonly isReadOnly: boolean;
}

/** A mount with the same path inside and outside. */
export function samePath(path: string, isReadOnly = false): Mount {
  return { type: 'bind', source: path, target: path, isReadOnly };
}

/**
 * Mounts in the two forms that the Docker Engine API has. `Binds` are texts whose parts are separated by colons, so a
 * path with a colon needs `Mounts`. Podman 4 serialises each of the `Mounts` as one line of CSV, and fails on a path
 * with a comma or a quotation mark.
 */
export function mountOptions(mounts: readonly Mount[]): Pick<Docker.HostConfig, 'Binds' | 'Mounts'> {
  const isBind = ({ source, target }: Mount) => /[,"]/.test(source + target) && !/:/.test(source + target);
  return {
    Binds: mounts
      .filter(isBind)
      .map(({ source, target, isReadOnly }) => `${source}:${target}${isReadOnly ? ':ro' : ''}`),
    Mounts: mounts
      .filter((mount) => !isBind(mount))
      .map(({ type, source, target, isReadOnly }) => ({
        Type: type,
        Source: source,
        Target: target,
        ReadOnly: isReadOnly,
      })),
  };
}
