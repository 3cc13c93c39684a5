import { describe, expect, it } from 'vitest';
import { Parallel } from '../src/parallel.js';

describe('tasks side by side', () => {
  it('are at most as many as the limit says', async () => {
    let running = 0;
    let most = 0;
    const parallel = new Parallel(3);
    for (let index = 0; index < 10; index += 1)
      await parallel.add(async () => {
        running += 1;
        most = Math.max(most, running);
        await new Promise(setImmediate);
        running -= 1;
      });
    await parallel.all();
    expect([most, running]).toEqual([3, 0]);
  });

  it('stop at the first failure, and tell it', async () => {
    const parallel = new Parallel(2);
    const begun: number[] = [];
    const add = (index: number) =>
      parallel.add(async () => {
        begun.push(index);
        await new Promise(setImmediate);
        if (index === 1) throw new Error('second');
      });
    const attempt = (async () => {
      for (let index = 0; index < 10; index += 1) await add(index);
      await parallel.all();
    })();
    await expect(attempt).rejects.toThrow('second');
    await parallel.settled();
    expect(begun.length).toBeLessThan(6);
    await expect(parallel.all()).rejects.toThrow('second');
  });
});
