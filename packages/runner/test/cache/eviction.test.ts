import { linkSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeRoom, removeUnused } from '../../src/cache/eviction.js';

const day = 24 * 60 * 60 * 1000;

describe('the eviction of references', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'bclaw-eviction-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** A file of 100 bytes that was last used some days ago, regardless of its content's age. */
  function file(name: string, usedDaysAgo: number): string {
    const path = join(folder, name);
    writeFileSync(path, 'x'.repeat(100));
    utimesSync(path, new Date(Date.now() - usedDaysAgo * day), new Date('2000-01-01T00:00:00Z'));
    return path;
  }
  const left = () => readdirSync(folder).sort();
  const free = (bytes: number) => async () => ({ free: bytes, total: 1000 });

  it('removes what nobody has used in 14 days, what killed downloaders left included', async () => {
    file('used', 13);
    file('unused', 15);
    file('unused.part-1', 15);
    file('unused.lock', 15);
    await removeUnused(folder);
    expect(left()).toEqual(['used']);
  });

  it('removes nothing while the new file fits and a tenth of the volume stays free', async () => {
    file('a', 1);
    await makeRoom(folder, 100, { freeBytesOf: free(200) });
    expect(left()).toEqual(['a']);
  });

  it('makes room by what was used least recently, and by no more than needed', async () => {
    file('older', 3);
    file('oldest', 5);
    file('newest', 1);
    file('oldest.lock', 9);
    await makeRoom(folder, 100, { freeBytesOf: free(50) });
    expect(left()).toEqual(['newest', 'oldest.lock']);
  });

  it('keeps what a running job has linked: its removal would free nothing', async () => {
    const linked = file('linked', 9);
    linkSync(linked, join(folder, 'workspace'));
    file('unlinked', 1);
    await makeRoom(folder, 100, { freeBytesOf: free(0) });
    expect(left()).toEqual(['linked', 'workspace']);
    await removeUnused(folder, Date.now() + 30 * day);
    expect(left()).toEqual(['linked', 'workspace']);
  });

  it('keeps the file that is about to be copied', async () => {
    const kept = file('kept', 9);
    file('other', 1);
    await makeRoom(folder, 100, { keep: kept, freeBytesOf: free(0) });
    expect(left()).toEqual(['kept']);
  });

  it('knows how much of the volume is free', async () => {
    file('a', 1);
    await makeRoom(folder, 0);
    await makeRoom(folder, Number.MAX_SAFE_INTEGER);
    expect(left()).toEqual([]);
  });
});
