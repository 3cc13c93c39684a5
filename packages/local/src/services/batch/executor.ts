/** Executor of Batch jobs: containers of the Docker Engine, or processes of this machine. */
export type Executor = 'docker' | 'process';
