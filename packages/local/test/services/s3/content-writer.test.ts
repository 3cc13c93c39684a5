import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Collected, writeContent } from '../../../src/services/s3/storage/content-writer.js';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'bclaw-contents-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

it('goes to disk early when many unfinished contents fill the memory together', async () => {
  const collected = new Collected(10_000);
  let finish: () => void = () => undefined;
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  let waiting = 0;
  async function* half() {
    yield Buffer.alloc(1000, 'a');
    waiting += 1;
    await finished;
    yield Buffer.alloc(1000, 'b');
  }
  const writes = Array.from({ length: 50 }, (_, index) => {
    const temporary = join(directory, `${index}.part`);
    return writeContent(half(), { temporary, final: join(directory, `${index}`), durable: false, collected }, () => {});
  });
  while (waiting < 50) await new Promise((resolve) => setImmediate(resolve));
  expect(collected.bytes).toBeLessThanOrEqual(10_000);
  expect(readdirSync(directory).filter((name) => name.endsWith('.part')).length).toBeGreaterThan(30);
  finish();
  expect(await Promise.all(writes)).toEqual(Array(50).fill(2000));
  expect(collected.bytes).toBe(0);
  expect(readdirSync(directory)).toHaveLength(50);
});
