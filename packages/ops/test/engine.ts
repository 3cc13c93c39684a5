import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Engine, type EngineOptions, startEngine } from '@bclaw/local';
import { coreTemplate } from '@bclaw/macro';
import { given } from '@bclaw/spec/given';
import { afterAll, beforeAll } from 'vitest';
import {
  type Bundles,
  type Clients,
  createClients,
  destroyClients,
  type InstallOptions,
  install,
} from '../src/index.js';

const require = createRequire(import.meta.url);
const bundle = (name: string): Uint8Array => readFileSync(require.resolve(`@bclaw/${name}/lambda.zip`));

const bundles: Bundles = {
  launcher: bundle('launcher'),
  functions: bundle('functions'),
  macro: bundle('macro'),
};

export const installOptions: InstallOptions = {
  bundles,
  template: (codeKeys) => coreTemplate({ codeKeys, bclawVersion: '0.0.0' }),
  parameters: { RunnerImage: 'bclaw-runner:0.0.0', SubnetIds: 'subnet-1', SecurityGroupIds: 'sg-1' },
};

/** Files of a directory, by their path in it; a folder has no content. */
type Files = ReadonlyMap<string, Uint8Array | undefined>;

/** An engine's directory with the core stack. Each worker of vitest installs it once, and its engines begin with copies. */
let installed: Promise<Files> | undefined;

async function installCore(): Promise<Files> {
  const directory = mkdtempSync(join(tmpdir(), 'bclaw-ops-core-'));
  const engine = await startEngine({ directory });
  const clients = clientsOf(engine);
  try {
    await install(clients, installOptions);
  } finally {
    destroyClients(clients);
    await engine.close();
  }
  const files = readdirSync(directory, { recursive: true, encoding: 'utf8' }).map((name) => {
    const path = join(directory, name);
    return [name, statSync(path).isDirectory() ? undefined : readFileSync(path)] as const;
  });
  rmSync(directory, { recursive: true });
  return new Map(files);
}

function writeFiles(directory: string, files: Files): void {
  // A folder is listed before what it holds.
  for (const [name, content] of files)
    if (content === undefined) mkdirSync(join(directory, name), { mode: 0o700 });
    else writeFileSync(join(directory, name), content, { mode: 0o600 });
}

const clientsOf = ({ url, region }: Engine): Clients =>
  createClients({ endpoint: url, region, credentials: { accessKeyId: 'any', secretAccessKey: 'any' } });

/** An embedded engine for the tests of a file, with clients that talk to it over HTTP. */
export interface TestEngine {
  readonly clients: Clients;
  readonly url: string;
}

export function useEngine(
  options: { readonly core: boolean; readonly rates?: NonNullable<EngineOptions['rates']> } = { core: true },
): TestEngine {
  const directory = mkdtempSync(join(tmpdir(), 'bclaw-ops-test-'));
  let engine: Engine | undefined;
  let clients: Clients | undefined;
  beforeAll(async () => {
    if (options.core) {
      installed ??= installCore();
      writeFiles(directory, await installed);
    }
    engine = await startEngine({ directory, openRoles: ['any'], ...given({ rates: options.rates }) });
    clients = clientsOf(engine);
  });
  afterAll(async () => {
    if (clients !== undefined) destroyClients(clients);
    await engine?.close();
    rmSync(directory, { recursive: true, force: true });
  });
  const started = <T>(value: T | undefined): T => {
    if (value === undefined) throw new Error('The engine is there once the tests run.');
    return value;
  };
  return {
    get clients() {
      return started(clients);
    },
    get url() {
      return started(engine).url;
    },
  };
}

/** A workflow of one step that runs a command and keeps `out.txt`. */
export function template(
  command: string,
  options: { versioned?: boolean; image?: string; parameters?: string; timeout?: string } = {},
): string {
  return `
Transform: BC2_Compiler
Repository: s3://ops-test-data/\${job.id}
${options.parameters ?? ''}
Options:
  versioned: ${options.versioned ?? true}
Steps:
  - only:
      image: ${options.image ?? 'public.ecr.aws/docker/library/debian:12.11-slim'}
      inputs: {}
      commands:
        - ${JSON.stringify(command)}
      outputs:
        out: out.txt
      retry:
        attempts: 0
`;
}
