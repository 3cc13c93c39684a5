import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Engine, startEngine } from '@bclaw/local';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Clients,
  createClients,
  destroyClients,
  type InstallOptions,
  install,
} from '../../packages/ops/src/index.js';
import { installOptions } from '../../packages/ops/test/engine.js';
import { type Around, cutOff, surround } from '../../packages/ops/test/model/cut-off.js';

/** Denies the first call of the operation with this number, in the order of their first calls. */
function denied(number: number): Around {
  const operations = new Set<string>();
  return async ({ operation }, next) => {
    const isNew = !operations.has(operation);
    operations.add(operation);
    if (!isNew || operations.size - 1 !== number) return await next();
    throw Object.assign(new Error('User is not authorized'), { name: 'AccessDenied' });
  };
}

/** Interruptions: a call is cut off before or after it takes effect, or denied. */
const faults: Readonly<Record<string, (number: number) => Around>> = {
  before: (number) => cutOff({ among: 'changes', number, when: 'before' }),
  after: (number) => cutOff({ among: 'changes', number, when: 'after' }),
  denied,
};

/** A core environment without the stack's name and without what CloudFormation appends to the names of roles. */
const comparable = (environment: object, name: string): string =>
  JSON.stringify(environment, undefined, 2)
    .replaceAll(name, 'core')
    .replace(/(:role\/[\w-]*Role)-\w+/g, '$1');

/** Calls that are tried: more than an installation makes, because it ends the rounds itself. */
const most = 40;

describe('bclaw install, interrupted at a call', () => {
  let folder: string;
  let engine: Engine;
  const connect = (): Clients =>
    createClients({
      endpoint: engine.url,
      region: engine.region,
      credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
    });
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bclaw-interrupted-'));
    engine = await startEngine({ directory: folder });
  });
  afterAll(async () => {
    await engine?.close();
    await rm(folder, { recursive: true, force: true });
  });

  const options = (installation: string, MacroName: string): InstallOptions => ({
    ...installOptions,
    installation,
    parameters: { ...installOptions.parameters, MacroName },
  });

  it.each(Object.entries(faults))(
    '(%s), is finished by a second run, whichever call it was',
    {
      timeout: 900_000,
    },
    async (fault, around) => {
      const whole = connect();
      const expected = await install(whole, options(`whole-${fault}`, `Whole${fault}`));
      let tried = 0;
      for (let number = 0; number < most; number += 1) {
        const name = `cut-${fault}-${number}`;
        const interrupted = connect();
        surround(interrupted, around(number));
        const first = await install(interrupted, options(name, `Cut${fault}${number}`)).then(
          () => 'finished',
          () => 'failed',
        );
        destroyClients(interrupted);
        const { core } = await install(whole, options(name, `Cut${fault}${number}`));
        expect(core.stack.status, `${fault} call ${number}`).toBe('CREATE_COMPLETE');
        expect(comparable(core.environment, name), `${fault} call ${number}`).toBe(
          comparable(expected.core.environment, `whole-${fault}`),
        );
        tried = number;
        if (first === 'finished') break;
      }
      destroyClients(whole);
      console.log(`install, ${fault}: ${tried} calls, each interrupted once`);
      expect(tried).toBeGreaterThan(4);
      expect(tried).toBeLessThan(most - 1);
    },
  );
});
