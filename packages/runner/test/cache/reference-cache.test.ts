import { randomBytes } from 'node:crypto';
import { appendFileSync, chmodSync, existsSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { mkdir, mkdtemp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pLimit from 'p-limit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ReferenceCache } from '../../src/cache/reference-cache.js';
import { createLog, createS3ObjectStore, type ObjectStore } from '../../src/index.js';
import { JobWorld } from '../job-world.js';

/** A store that counts how often objects are opened. */
function counting(store: ObjectStore): ObjectStore & { readonly opened: () => number } {
  let opened = 0;
  return {
    ...store,
    open: (...call) => {
      opened += 1;
      return store.open(...call);
    },
    opened: () => opened,
  };
}

describe('ReferenceCache', () => {
  let world: JobWorld;
  beforeAll(async () => {
    world = await JobWorld.start();
  });
  afterAll(() => world.close());

  const cacheOf = (scratchPath: string, store: ObjectStore) =>
    new ReferenceCache(
      scratchPath,
      { store, limit: pLimit(4), stop: new AbortController().signal },
      createLog(
        () => undefined,
        () => new Date(0),
      ),
    );

  /** Stages an object under a new name and gives that. */
  async function staged(cache: ReferenceCache, key: string): Promise<string | undefined> {
    const target = join(await mkdtemp(join(world.directory, 'staged-')), 'file');
    return (await cache.stage({ bucket: 'data', key }, target)) ? target : undefined;
  }

  it('fetches a file once, however many jobs of the host ask for it at the same time', async () => {
    const bytes = randomBytes(200_000);
    await world.put('ref/genome.fa', bytes);
    const store = counting(createS3ObjectStore(world.s3));
    const scratch = join(world.directory, 'once');
    // Each job has a cache object of its own, as it has a process of its own.
    const paths = await Promise.all(Array.from({ length: 50 }, () => staged(cacheOf(scratch, store), 'ref/genome.fa')));
    expect(new Set(paths.map((path) => statSync(path ?? '').ino)).size).toBe(1);
    expect(store.opened()).toBe(1);
    expect(await readFile(paths[0] ?? '')).toEqual(bytes);
    expect(readdirSync(join(scratch, 'references'))).toHaveLength(1);
  });

  it('fetches it anew when it was overwritten', async () => {
    const cache = cacheOf(join(world.directory, 'anew'), createS3ObjectStore(world.s3));
    await world.put('ref/index', 'old');
    const old = await staged(cache, 'ref/index');
    await world.put('ref/index', 'new');
    expect(await readFile((await staged(cache, 'ref/index')) ?? '', 'utf8')).toBe('new');
    expect(await readFile(old ?? '', 'utf8')).toBe('old');
  });

  it('says nothing is there when nothing is there', async () => {
    const cache = cacheOf(join(world.directory, 'none'), createS3ObjectStore(world.s3));
    expect(await staged(cache, 'ref/none')).toBeUndefined();
  });

  it('takes over from a downloader that was killed, and removes what it left', async () => {
    const scratch = join(world.directory, 'killed');
    const store = createS3ObjectStore(world.s3);
    await world.put('ref/killed', 'whole');
    await staged(cacheOf(scratch, store), 'ref/killed');
    // The same name in another scratch folder, where the downloader got only half way.
    const folder = join(world.directory, 'killed-2', 'references');
    await mkdir(folder, { recursive: true });
    const [name = ''] = readdirSync(join(scratch, 'references'));
    writeFileSync(join(folder, `${name}.part-1`), 'wh');
    writeFileSync(join(folder, `${name}.lock`), 'somebody');
    const longAgo = new Date(Date.now() - 3_600_000);
    utimesSync(join(folder, `${name}.lock`), longAgo, longAgo);
    const path = await staged(cacheOf(join(world.directory, 'killed-2'), store), 'ref/killed');
    expect(await readFile(path ?? '', 'utf8')).toBe('whole');
    expect(readdirSync(folder)).toEqual([name]);
  });

  it('fetches it anew for the next job when a command has written to it', async () => {
    const scratch = join(world.directory, 'spoiled');
    const store = counting(createS3ObjectStore(world.s3));
    await world.put('ref/spoiled', 'clean');
    const first = (await staged(cacheOf(scratch, store), 'ref/spoiled')) ?? '';
    chmodSync(first, 0o644);
    appendFileSync(first, ' no more');
    expect(await readFile((await staged(cacheOf(scratch, store), 'ref/spoiled')) ?? '', 'utf8')).toBe('clean');
    expect(store.opened()).toBe(2);
  });

  it('is linked into the workspace, not copied, and survives it', async () => {
    await world.put('ref/linked', 'r');
    const { exitCode, user } = await world.run({
      step: { references: { ref: 's3://data/ref/linked' }, commands: ['cat ${ref}; stat -c links=%h ${ref}'] },
    });
    expect(exitCode).toBe(0);
    expect(user.at(-1)).toBe('rlinks=2');
    const folder = join(world.scratchPath, 'references');
    const [name] = readdirSync(folder);
    expect(existsSync(join(folder, name ?? ''))).toBe(true);
    expect(statSync(join(folder, name ?? '')).nlink).toBe(1);
  });

  it('fails the job when a reference is missing', async () => {
    const { exitCode, own } = await world.run({ step: { references: { ref: 's3://data/ref/no' } } });
    expect(exitCode).toBe(199);
    expect(own.at(-1)).toMatchObject({ code: 'missing-reference' });
  });
});
