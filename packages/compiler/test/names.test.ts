import { createHash } from 'node:crypto';
import { jobDefinitionName } from '@bclaw/spec/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  jobName,
  maxWorkflowNameLength,
  parseVersionDescription,
  stepLogicalIds,
  stepNameParts,
  versionDescription,
  workflowNameProblem,
} from '../src/names.js';

const stepName = fc.string({ minLength: 1, maxLength: 80, unit: 'grapheme' });
const stepNames = fc.uniqueArray(stepName, { minLength: 1, maxLength: 8 });

describe('workflowNameProblem', () => {
  it('takes a stack name', () => {
    expect(workflowNameProblem('my-workflow')).toBeUndefined();
    expect(workflowNameProblem('w'.repeat(maxWorkflowNameLength))).toBeUndefined();
  });

  it.each([
    ['too long for a launcher', 'w'.repeat(56), 'at most 55'],
    ['an underscore', 'my_workflow', 'letters, digits and hyphens'],
    ['nothing', '', 'start with a letter'],
    ['the look of a version', 'my-workflow--2', 'ends like a version'],
  ])('says what is wrong with %s', (_, name, words) => {
    expect(workflowNameProblem(name)).toContain(words);
  });
});

describe('names of job definitions', () => {
  it('keep what Batch takes and replace the rest', () => {
    expect(stepNameParts(['align reads', 'sort_2'])('align reads')).toBe('align-reads');
    expect(stepNameParts(['align reads', 'sort_2'])('sort_2')).toBe('sort_2');
  });

  it('tell steps apart that would meet, whatever their order', () => {
    const parts = stepNameParts(['a b', 'a-b']);
    expect(parts('a b')).toMatch(/^a-b-[0-9a-f]{8}$/);
    expect(parts('a-b')).toMatch(/^a-b-[0-9a-f]{8}$/);
    expect(parts('a b')).not.toBe(parts('a-b'));
    expect(stepNameParts(['a-b', 'a b'])('a b')).toBe(parts('a b'));
  });

  it('are distinct and fit Batch for every workflow and version', () => {
    fc.assert(
      fc.property(stepNames, (names) => {
        const part = stepNameParts(names);
        const full = names.map((name) =>
          jobDefinitionName('w'.repeat(maxWorkflowNameLength), part(name), 9_999_999_999),
        );
        expect(new Set(full).size).toBe(names.length);
        for (const name of full) expect(name).toMatch(/^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/);
      }),
    );
  });
});

describe('logical ids', () => {
  it('are the words of the step in capitals', () => {
    expect(stepLogicalIds(['align reads', 'qc-2'])('align reads')).toBe('AlignReads');
    expect(stepLogicalIds(['align reads', 'qc-2'])('qc-2')).toBe('Qc2');
  });

  it('are distinct and alphanumeric for all names', () => {
    fc.assert(
      fc.property(stepNames, (names) => {
        const ids = names.map(stepLogicalIds(names));
        expect(new Set(ids).size).toBe(names.length);
        for (const id of ids) expect(id).toMatch(/^[A-Za-z0-9]+$/);
      }),
    );
  });
});

describe('names of jobs', () => {
  /** The job name that Step Functions builds, with values of maximum length. */
  const longest = (name: string, depth: number): string => {
    const index = Array.from({ length: depth }, () => '99999999').join('-');
    return jobName(name, depth)
      .replace(/^States\.Format\('(.*)',.*$/, '$1')
      .replace('{}', 'e'.repeat(80))
      .replace('{}', depth > 3 ? createHash('md5').update(index).digest('hex') : index);
  };

  it('fit Batch behind the longest execution name, with the longest index, at every depth', () => {
    fc.assert(
      fc.property(stepName, fc.nat(30), (name, depth) => {
        expect(longest(name, depth)).toMatch(/^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/);
      }),
    );
  });

  it('show the index as it is, and its digest where it would leave the step no room', () => {
    expect(jobName('align reads', 0)).toBe("States.Format('{}__align-reads',$.execution.name)");
    expect(jobName('align reads', 3)).toBe("States.Format('{}__align-reads__{}',$.execution.name,$.index)");
    expect(jobName('align', 4)).toBe("States.Format('{}__align__{}',$.execution.name,States.Hash($.index,'MD5'))");
  });

  it('tell steps apart whose names are cut', () => {
    const names = ['a', 'b'].map((end) => longest(`${'s'.repeat(60)}${end}`, 2));
    expect(new Set(names).size).toBe(2);
  });
});

describe('the description of a launcher version', () => {
  const version = { digest: 'ab'.repeat(32), bclawVersion: '1.2.3-beta.1' };

  it('can be read back and fits Lambda', () => {
    expect(parseVersionDescription(versionDescription(version))).toEqual(version);
    expect(versionDescription(version).length).toBeLessThanOrEqual(256);
  });

  it('is not made up from what someone else wrote', () => {
    expect(parseVersionDescription('hotfix')).toBeUndefined();
  });
});
