import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { given } from '../src/given.js';

describe('given', () => {
  it('leaves out the entries without a value, and only these', () => {
    expect(given({ file: 'a.yaml', line: undefined, column: 0, text: '', flag: false, none: null })).toStrictEqual({
      file: 'a.yaml',
      column: 0,
      text: '',
      flag: false,
      none: null,
    });
  });

  it('keeps values as they are, in their order', () => {
    const entries = fc.dictionary(
      fc.string().filter((key) => key !== '__proto__'),
      fc.option(fc.anything(), { nil: undefined }),
      { noNullPrototype: true },
    );
    fc.assert(
      fc.property(entries, (map) => {
        const found = Object.entries(given(map));
        expect(found).toStrictEqual(Object.entries(map).filter(([, value]) => value !== undefined));
      }),
    );
  });

  it('has types without undefined, for options that are there or not', () => {
    const take = (options: { readonly signal?: AbortSignal; readonly name: string }) => Object.keys(options);
    const signal: AbortSignal | undefined = undefined;
    expect(take({ name: 'x', ...given({ signal }) })).toEqual(['name']);
  });
});
