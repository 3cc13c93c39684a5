import { type Clients, createClients } from '@bclaw/ops';
import { given } from '@bclaw/spec/given';
import type { ConnectionOptions } from './declarations/options.js';
import { type FoundEngine, findEngineAbove, findStoppedEngineAbove, requireEngine } from './engine-file.js';
import { UsageError } from './failure.js';
import { requireProfile } from './profile.js';
import type { Terminal } from './terminal.js';

/** Clients, and the endpoint that they connect to. */
export interface Connection {
  readonly clients: Clients;
  /** URL of the embedded engine; absent = AWS, or the value of AWS_ENDPOINT_URL. */
  readonly engine?: string;
}

/** The embedded engine checks no credentials, but clients require some. */
const anyCredentials = { accessKeyId: 'embedded', secretAccessKey: 'engine' };

/**
 * Selects the endpoint of a command: with `--local` the running engine; with `--endpoint-url` or AWS_ENDPOINT_URL that
 * URL; an engine that runs in this folder or above, unless `--profile` selects an account; else AWS.
 *
 * @throws BclawError `no-engine` when `--local` is given and no engine runs
 */
export async function connect(options: ConnectionOptions, terminal: Terminal): Promise<Connection> {
  const { endpointUrl, region, profile } = options;
  if (options.local !== true) checkUrl(endpointUrl, '--endpoint-url');
  if (options.local !== true && endpointUrl === undefined)
    checkUrl(process.env['AWS_ENDPOINT_URL'], 'AWS_ENDPOINT_URL');
  if (profile !== undefined) await requireProfile(profile);
  const chosen = given({ region, profile });
  if (options.local !== true) {
    if (endpointUrl !== undefined) return { clients: createClients({ ...chosen, endpoint: endpointUrl }) };
    if (process.env['AWS_ENDPOINT_URL'] || profile !== undefined) return { clients: createClients(chosen) };
  }
  const engine = options.local === true ? await requireEngine({}) : await findEngineAbove();
  if (engine !== undefined) {
    if (options.local !== true) {
      terminal.note(
        terminal.noteStyle.dim(`(the embedded engine at ${engine.url}; --profile asks for an AWS account)`),
      );
    }
    return connectToEngine(engine);
  }
  const stopped = findStoppedEngineAbove();
  if (stopped !== undefined)
    terminal.warn(`the embedded engine in ${stopped} does not run, so this asks AWS; \`bclaw local start\` starts it`);
  return { clients: createClients(chosen) };
}

function checkUrl(text: string | undefined, where: string): void {
  if (text === undefined || text === '' || /^https?:$/.test(protocolOf(text))) return;
  throw new UsageError(`"${text}" (${where}) is not the URL of an endpoint.`, 'Write http://host:port.');
}

function protocolOf(text: string): string {
  try {
    return new URL(text).protocol;
  } catch {
    return ''; // not a URL
  }
}

/** Clients for an embedded engine. */
export function connectToEngine(engine: Pick<FoundEngine, 'url' | 'region'>): Connection {
  const clients = createClients({ endpoint: engine.url, region: engine.region, credentials: anyCredentials });
  return { clients, engine: engine.url };
}

/** The core stack that `--core` names, as an option of operations. */
export const installationOf = ({ core }: ConnectionOptions): { installation?: string } => given({ installation: core });
