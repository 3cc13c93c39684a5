import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { identify, isAlive } from '@bclaw/runner/machine';
import { describe, expect, it } from 'vitest';
import { stopLeftover } from '../../src/services/batch/spawner/process-group.js';

describe('the identity of a process', () => {
  it('holds as long as the process lives, and not for another one with its id', async () => {
    const child = spawn('sleep', ['600'], { detached: true });
    await once(child, 'spawn');
    const identity = identify(child.pid ?? 0);
    expect(identity).toBeDefined();
    if (identity === undefined) return;
    expect(isAlive(identity)).toBe(true);
    const impostor = { ...identity, startTime: 'another time' };
    expect(isAlive(impostor)).toBe(false);
    await stopLeftover(impostor, 0);
    expect(isAlive(identity)).toBe(true);
    const gone = once(child, 'exit');
    await stopLeftover(identity, 1_000);
    await gone;
    expect(isAlive(identity)).toBe(false);
    expect(identify(identity.pid)).toBeUndefined();
  });

  it('is none where there is no process', () => {
    expect(identify(2 ** 22 + 1)).toBeUndefined();
  });
});
