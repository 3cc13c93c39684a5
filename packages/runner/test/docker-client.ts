import Docker from 'dockerode';

/** The runner's client of a container engine, for tests outside of this package. */
export function dockerClient(socketPath: string): Docker {
  return new Docker({ socketPath });
}
