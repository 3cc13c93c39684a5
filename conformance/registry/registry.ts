import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../engine.js';
import { freePort } from '../free-port.js';

export interface Account {
  readonly username: string;
  readonly password: string;
}

const sha256 = (bytes: string): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

const types = {
  index: 'application/vnd.oci.image.index.v1+json',
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  config: 'application/vnd.oci.image.config.v1+json',
  layer: 'application/vnd.oci.image.layer.v1.tar',
};

/** Debian's docker-registry (the reference implementation of the OCI distribution API) on loopback. */
export class Registry {
  /** `127.0.0.1:<port>` */
  readonly host: string;
  readonly #folder: string;
  readonly #account: Account | undefined;
  #process: ChildProcess | undefined;

  private constructor(folder: string, port: number, account: Account | undefined) {
    this.#folder = folder;
    this.host = `127.0.0.1:${port}`;
    this.#account = account;
  }

  /** @param account the only account with access; default: everyone has access */
  static async start(account?: Account): Promise<Registry> {
    const folder = await mkdtemp(join(tmpdir(), 'bclaw-registry-'));
    const registry = new Registry(folder, await freePort(), account);
    await mkdir(join(folder, 'data'));
    await writeFile(join(folder, 'config.yml'), await registry.#configuration());
    await registry.open();
    return registry;
  }

  async #configuration(): Promise<string> {
    const lines = [
      'version: 0.1',
      'log: {level: error, accesslog: {disabled: true}}',
      `storage: {filesystem: {rootdirectory: ${join(this.#folder, 'data')}}}`,
      `http: {addr: '${this.host}'}`,
    ];
    if (this.#account !== undefined) {
      const { username, password } = this.#account;
      const { stdout, status, stderr } = spawnSync('htpasswd', ['-Bbn', username, password], { encoding: 'utf8' });
      if (status !== 0) throw new Error(`htpasswd: ${stderr}`);
      const path = join(this.#folder, 'htpasswd');
      await writeFile(path, stdout);
      lines.push(`auth: {htpasswd: {realm: test, path: ${path}}}`);
    }
    return `${lines.join('\n')}\n`;
  }

  /** Restarts it after {@link close}, with the pushed images. */
  async open(): Promise<void> {
    const child = spawn('docker-registry', ['serve', join(this.#folder, 'config.yml')], { stdio: 'ignore' });
    this.#process = child;
    await until(
      async () => {
        if (child.exitCode !== null) throw new Error(`docker-registry ended with ${child.exitCode}`);
        return fetch(`http://${this.host}/v2/`).then(
          ({ status }) => status,
          () => 0,
        );
      },
      (status) => status === 200 || status === 401,
      20,
    );
  }

  async close(): Promise<void> {
    const child = this.#process;
    if (child === undefined || child.exitCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  async remove(): Promise<void> {
    await this.close();
    await rm(this.#folder, { recursive: true, force: true });
  }

  /**
   * Pushes an image that contains one text, with the API's own calls.
   *
   * @returns its digest
   */
  async push(repository: string, tag: string, text: string): Promise<string> {
    const manifest = await this.#image(repository, text);
    return this.#putManifest(repository, tag, types.manifest, manifest);
  }

  /** Pushes an index with an image for each of two platforms. */
  async pushIndex(repository: string, tag: string, text: string): Promise<string> {
    const manifests = [];
    for (const architecture of ['amd64', 'arm64']) {
      const manifest = await this.#image(repository, `${text} for ${architecture}`);
      const digest = await this.#putManifest(repository, sha256(manifest), types.manifest, manifest);
      const size = Buffer.byteLength(manifest);
      manifests.push({ mediaType: types.manifest, digest, size, platform: { os: 'linux', architecture } });
    }
    const index = JSON.stringify({ schemaVersion: 2, mediaType: types.index, manifests });
    return this.#putManifest(repository, tag, types.index, index);
  }

  /** The image's manifest; its config and layer are uploaded first. */
  async #image(repository: string, text: string): Promise<string> {
    const config = JSON.stringify({ architecture: 'amd64', os: 'linux', rootfs: { type: 'layers', diff_ids: [] } });
    for (const blob of [config, text]) await this.#putBlob(repository, blob);
    const described = (mediaType: string, blob: string) => ({
      mediaType,
      digest: sha256(blob),
      size: Buffer.byteLength(blob),
    });
    return JSON.stringify({
      schemaVersion: 2,
      mediaType: types.manifest,
      config: described(types.config, config),
      layers: [described(types.layer, text)],
    });
  }

  async #putBlob(repository: string, blob: string): Promise<void> {
    const started = await this.#request('POST', `/v2/${repository}/blobs/uploads/`);
    const upload = new URL(started.headers.get('location') ?? '', `http://${this.host}`);
    upload.searchParams.set('digest', sha256(blob));
    await this.#request('PUT', upload.pathname + upload.search, blob, 'application/octet-stream');
  }

  async #putManifest(repository: string, reference: string, type: string, manifest: string): Promise<string> {
    await this.#request('PUT', `/v2/${repository}/manifests/${reference}`, manifest, type);
    return sha256(manifest);
  }

  async #request(method: string, path: string, body?: string, type?: string): Promise<Response> {
    const headers = new Headers();
    if (type !== undefined) headers.set('content-type', type);
    if (this.#account !== undefined) {
      const { username, password } = this.#account;
      headers.set('authorization', `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`);
    }
    const response = await fetch(`http://${this.host}${path}`, { method, headers, ...(body && { body }) });
    if (!response.ok) throw new Error(`${method} ${path}: HTTP ${response.status} ${await response.text()}`);
    return response;
  }
}
