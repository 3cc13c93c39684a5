import { join } from 'node:path';
import { destroyClients, ensureBucket } from '@bclaw/ops';
import { afterAll, beforeAll } from 'vitest';
import { connectToEngine } from '../src/connection.js';
import { findEngine } from '../src/engine-file.js';
import { bclaw, type Ended, temporaryFolder } from './bclaw.js';

/** The results bucket of the tests' workflows. */
const testBucket = 'cli-test-data';

/** A folder with an embedded engine for the tests of a file, and a bucket in it. */
export interface EngineFolder {
  readonly folder: string;
  /** Runs `bclaw` in that folder, where it finds the engine. */
  run(...args: string[]): Promise<Ended>;
}

export function engineFolder(): EngineFolder {
  const folder = temporaryFolder();
  const run = (...args: string[]) => bclaw(args, { cwd: folder });
  beforeAll(async () => {
    const started = await run('local', 'start', '--detach', '--port', '0');
    if (started.code !== 0) throw new Error(started.stderr);
    const engine = await findEngine(join(folder, '.bclaw'));
    if (engine === undefined) throw new Error('The engine has started, but does not answer.');
    const { clients } = connectToEngine(engine);
    await ensureBucket(clients, testBucket);
    destroyClients(clients);
  });
  afterAll(async () => {
    await run('local', 'stop');
  });
  return { folder, run };
}

/** A template with one step that runs these commands. */
export const oneStep = (options: { commands: string; versioned?: boolean; more?: string }): string => `
Transform: BC2_Compiler
Repository: s3://${testBucket}/\${job.id}
Options:
  versioned: ${options.versioned ?? true}
Steps:
  - only:
      image: public.ecr.aws/docker/library/debian:12.11-slim
      inputs: {}
      commands:
        - ${options.commands}
      outputs:
        out: out.txt
      retry:
        attempts: 0
${options.more ?? ''}`;
