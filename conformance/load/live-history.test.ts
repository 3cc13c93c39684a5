import { describe, expect, it } from 'vitest';
import { LiveHistory } from './live-history.js';

const history = new LiveHistory(1, [
  { kind: 'deploy', live: 2, pruned: [], from: 100, to: 110 },
  { kind: 'prune', live: 2, pruned: [], from: 150, to: 160 },
  { kind: 'rollback', live: 1, pruned: [], from: 200, to: 205 },
]);

describe('the history of what was live', () => {
  it.each([
    [0, 99, [1]],
    [120, 190, [2]],
    [155, 155, [2]],
    [206, 1_000, [1]],
  ])('knows one version from %d to %d: %j', (from, to, versions) => {
    expect([...history.within(from, to)]).toEqual(versions);
  });

  it.each([
    [90, 120, [1, 2]],
    [105, 105, [1, 2]],
    [190, 210, [2, 1]],
  ])('counts both while the alias is moved, from %d to %d', (from, to, versions) => {
    expect([...history.within(from, to)]).toEqual(versions);
  });
});
