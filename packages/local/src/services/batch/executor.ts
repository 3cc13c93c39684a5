/** How commands of Batch jobs run: in containers of the Docker Engine, or as processes of this machine. */
export type Executor = 'docker' | 'process';
