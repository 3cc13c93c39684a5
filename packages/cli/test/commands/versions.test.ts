import type { Version } from '@bclaw/ops';
import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import { versionsTable } from '../../src/commands/versions.js';

const digest = `sha256:${'0'.repeat(64)}`;

/** The column IMAGES of a version with these images, each of which counts as fixed unless it is `mutable`. */
function imagesColumn(...images: readonly string[]): string | undefined {
  const version: Version = {
    version: 1,
    live: true,
    getsJobFiles: true,
    weight: 1,
    deployedAt: new Date(0),
    stateMachine: { arn: 'arn', status: 'active' },
    jobDefinitions: { active: [], missing: [] },
    runningExecutions: 0,
    images: images.map((image) => ({ step: 'a', image, pinned: !image.endsWith(':latest') })),
    healthy: true,
  };
  const table = versionsTable(
    { workflow: 'w', live: undefined, versions: [version], notRead: 0 },
    pc.createColors(false),
  );
  return table.split('\n')[1]?.split(/ {2,}/).at(-1);
}

describe('the table of versions', () => {
  it('calls images pinned only when each has a digest', () => {
    expect(imagesColumn(`x@${digest}`, `y:1.0@${digest}`)).toBe('pinned');
    expect(imagesColumn(`x@${digest}`, 'y:1.0')).toBe('1 of 2 pinned');
    expect(imagesColumn('y:1.0')).toBe('0 of 1 pinned');
    expect(imagesColumn(`x@${digest}`, 'y:latest')).toBe('1 of 2 mutable');
    expect(imagesColumn()).toBe('-');
  });
});
