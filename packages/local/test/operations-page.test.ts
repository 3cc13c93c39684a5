import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { createEventBus } from '../src/kernel/event-bus.js';
import { memoryJournal } from '../src/kernel/journal-store.js';
import type { EngineContext } from '../src/kernel/service.js';
import { serviceFactories } from '../src/services/index.js';

const directory = mkdtempSync(join(tmpdir(), 'bclaw-operations-'));
afterAll(() => rmSync(directory, { recursive: true }));

const log = { info: () => {}, error: () => {} };
const place = { accountId: '123456789012', region: 'us-east-1' };
const context: EngineContext = {
  ...place,
  partition: 'aws',
  endpoint: 'http://127.0.0.1:1',
  directory,
  journal: memoryJournal(),
  events: createEventBus({ ...place, log }),
  log,
  call: () => Promise.reject(new Error('nothing is called')),
};

it('docs/reference/embedded-engine.md lists the operations that the engine has, and no others', () => {
  const services = serviceFactories.map((create) =>
    create(context, { executor: 'process', capacity: { vcpus: 1, memoryMiB: 1 } }),
  );
  const lists = services.map(({ name, operations }) => {
    const words = [...operations.keys()].sort();
    return `### ${name}\n\n${words.map((word) => `\`${word}\``).join(' ')}\n`;
  });
  const page = readFileSync(new URL('../../../docs/reference/embedded-engine.md', import.meta.url), 'utf8');
  const [, listed] = page.split(
    '<!-- operations: packages/local/test/operations-page.test.ts compares this list -->\n\n',
  );
  expect(listed).toBe(lists.join('\n'));
});
