import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';

/** A real container engine, behind the Docker API's socket, with images that contain only busybox. */
export class Podman {
  readonly directory: string;
  /** For DOCKER_HOST. */
  readonly host: string;
  /** For other programs that use podman. */
  readonly environment: NodeJS.ProcessEnv;
  #service: ChildProcess | undefined;

  private constructor(directory: string, environment: NodeJS.ProcessEnv) {
    this.directory = directory;
    this.host = `unix://${join(directory, 'podman.sock')}`;
    this.environment = environment;
  }

  /**
   * @param registries hosts redirected to loopback, without TLS: `{'registry.example': '127.0.0.1:5000'}`
   * @param engine true if it finds an init process for containers; default: if this machine has one
   */
  static async start(
    registries: Readonly<Record<string, string>> = {},
    engine: { readonly hasInit?: boolean } = {},
  ): Promise<Podman> {
    const directory = mkdtempSync(join(tmpdir(), 'bclaw-podman-'));
    const configuration = join(directory, 'containers.conf');
    // A sandbox may reject crun, and limits above its own.
    writeFileSync(
      configuration,
      [
        '[containers]',
        'default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]',
        ...(engine.hasInit === false ? ['init_path = "/no/such/init"'] : []),
        '[engine]',
        'runtime = "runc"',
      ].join('\n'),
    );
    const registriesFile = join(directory, 'registries.conf');
    writeFileSync(
      registriesFile,
      Object.entries(registries)
        .map(([host, location]) => `[[registry]]\nprefix = "${host}"\nlocation = "${location}"\ninsecure = true\n`)
        .join(''),
    );
    const environment = {
      ...process.env,
      CONTAINERS_CONF: configuration,
      CONTAINERS_REGISTRIES_CONF: registriesFile,
    };
    const podman = new Podman(directory, environment);
    await podman.resume();
    return podman;
  }

  /** Starts the engine at the same socket, also after its process was killed. */
  async resume(): Promise<void> {
    const socket = join(this.directory, 'podman.sock');
    rmSync(socket, { force: true });
    this.#service = spawn('podman', ['system', 'service', '--time=0', `unix://${socket}`], {
      env: this.environment,
      stdio: 'ignore',
    });
    const deadline = Date.now() + 20_000;
    while (!existsSync(socket)) {
      if (Date.now() > deadline) throw new Error('podman system service did not make its socket within 20 s');
      await delay(50);
    }
  }

  /** Kills the engine's process while its containers run, or suspends it (SIGSTOP) and resumes it (SIGCONT). */
  signal(signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): void {
    this.#service?.kill(signal);
  }

  podman(...command: readonly string[]): string {
    return execFileSync('podman', command, { env: this.environment, encoding: 'utf8' }).trim();
  }

  /** Runs a command that may fail, asynchronously. Its standard error is shown. */
  async attempt(...command: readonly string[]): Promise<{ readonly exitCode: number; readonly output: string }> {
    const child = spawn('podman', command, { env: this.environment, stdio: ['ignore', 'pipe', 'inherit'] });
    const [[exitCode], output] = await Promise.all([once(child, 'exit'), text(child.stdout)]);
    return { exitCode, output };
  }

  /** Imports an image that contains busybox under the names of the given programs. */
  async image(name: string, programs: readonly string[], settings: readonly string[] = []): Promise<void> {
    const root = mkdtempSync(join(this.directory, 'root-'));
    for (const folder of ['bin', 'etc', 'tmp']) mkdirSync(join(root, folder));
    await copyFile('/bin/busybox', join(root, 'bin', 'busybox'));
    for (const program of programs) symlinkSync('busybox', join(root, 'bin', program));
    writeFileSync(join(root, 'etc', 'passwd'), 'root:x:0:0:root:/:/bin/sh\nuser:x:1000:1000:user:/:/bin/sh\n');
    const archive = `${root}.tar`;
    this.archive(root, archive);
    this.podman('import', ...settings.flatMap((setting) => ['--change', setting]), archive, name);
  }

  /** Packs a folder for `podman import`. */
  archive(folder: string, file: string): void {
    execFileSync('tar', ['-C', folder, '-cf', file, '.']);
  }

  /** Ids of the runner's containers, including stopped ones; other containers of this machine's podman are ignored. */
  containers(): readonly string[] {
    return this.podman('ps', '--all', '--quiet', '--filter', 'label=bclaw.job').split('\n').filter(Boolean);
  }

  close(images: readonly string[]): void {
    for (const id of this.containers()) this.podman('rm', '--force', id);
    for (const image of images) this.podman('rmi', '--force', image);
    this.#service?.kill('SIGTERM');
    rmSync(this.directory, { recursive: true, force: true });
  }
}

/** The shell tools of a typical image. */
export const shellTools = [
  'cat',
  'chmod',
  'date',
  'dd',
  'echo',
  'env',
  'id',
  'ln',
  'ls',
  'mkdir',
  'mv',
  'ps',
  'sh',
  'sleep',
  'stat',
  'tail',
  'wc',
] as const;
