import { type Engine, type EngineOptions, startEngine } from '@bclaw/local';
import { coreTemplate } from '@bclaw/macro';
import { type InstallProgress, type InstallResult, install } from '@bclaw/ops';
import { given } from '@bclaw/spec/given';
import { readBundles } from './bundles.js';
import { type Connection, connectToEngine } from './connection.js';
import { bclawVersion } from './version.js';

/** An embedded engine in this process, with bclaw's core in it. */
export interface LocalEngine {
  readonly engine: Engine;
  readonly connection: Connection;
  /** `unchanged` when the core was already installed. */
  readonly core: InstallResult['outcome'];
}

/** Starts an embedded engine and installs bclaw's core, unless it is already installed. */
export async function startLocalEngine(
  options: EngineOptions,
  onProgress?: (progress: InstallProgress) => void,
): Promise<LocalEngine> {
  const engine = await startEngine(options);
  try {
    const connection = connectToEngine(engine);
    const { outcome } = await install(connection.clients, {
      bundles: await readBundles(),
      template: (codeKeys) => coreTemplate({ codeKeys, bclawVersion }),
      // The engine recognises the runner by its image's name, and has no network for subnets and security groups.
      parameters: {
        RunnerImage: `bclaw-runner:${bclawVersion}`,
        SubnetIds: 'subnet-0123456789abcdef0',
        SecurityGroupIds: 'sg-0123456789abcdef0',
      },
      ...given({ onProgress }),
    });
    return { engine, connection, core: outcome };
  } catch (error) {
    await engine.close();
    throw error;
  }
}
