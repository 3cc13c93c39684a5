import { describe, expect, it } from 'vitest';
import { substituteParameters } from '../../../src/services/batch/parameters.js';

describe('substituteParameters', () => {
  it('replaces a reference wherever it stands', () => {
    expect(substituteParameters(['--in', 'Ref::file', 's3://b/Ref::file.gz'], { file: 'a' })).toEqual([
      '--in',
      'a',
      's3://b/a.gz',
    ]);
  });

  it('goes through a command once: values are taken as they are', () => {
    expect(substituteParameters(['Ref::a'], { a: 'Ref::b $& $1', b: 'never' })).toEqual(['Ref::b $& $1']);
  });

  it('leaves a reference without a value', () => {
    expect(substituteParameters(['Ref::none', 'Ref::toString'], {})).toEqual(['Ref::none', 'Ref::toString']);
  });
});
