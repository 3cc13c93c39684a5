import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonPath } from '../../src/json-path.js';
import { readSelector } from '../../src/scalars/selector.js';

const samples = {
  x: { b: 2 },
  y: { b: 4 },
  list: [
    { id: 'a', n: 1, tags: ['u'], 'my-key': 7, ok: true },
    { id: 'b', n: 20, tags: ['u', 'v'], 'my-key': 8, ok: false },
    { id: 'it’s [c].d', n: 30, tags: [], 'my-key': 9, none: null },
  ],
};

function selected(text: string): unknown {
  const selector = readSelector(text);
  return 'problem' in selector ? selector.problem : jsonPath.query(selector.jsonPath, samples).values();
}

describe('a selector', () => {
  it.each([
    '$',
    '$.list[*].id',
    '$..b',
    '$[?@.b > 2]',
    '$.list[1:].n',
    "$['x','y'].b",
    '$.list[?(@.n > 5 && @.ok)].id',
  ])('of RFC 9535 stays as it is: %s', (text) => expect(readSelector(text)).toEqual({ jsonPath: text }));

  it.each<[string, readonly unknown[]]>([
    ['$[*.b]', [2, 4]],
    ['$[x].b', [2]],
    ['$[x,y].b', [2, 4]],
    ['$.list.0.id', ['a']],
    ['$.list.1:3.id', ['b', 'it’s [c].d']],
    ['$.list[*].my-key', [7, 8, 9]],
    ["$.list[*].'my-key'", [7, 8, 9]],
    ['$..my-key', [7, 8, 9]],
    ['$.list[*.id]', ['a', 'b', 'it’s [c].d']],
    ['$.list.*.id.', ['a', 'b', 'it’s [c].d']],
    ['$.list[(@.length-1)].n', [30]],
    ['$.list[?(@.n > 5 and @.ok == False)].id', ['b']],
    ['$.list[?(@.n < 5 or @.n > 25)].n', [1, 30]],
    ["$.list[?(@.id in ['a', 'b'])].n", [1, 20]],
    ["$.list[?(not (@.id in ['a', 'b']))].n", [30]],
    ['$.list[?(@.n in [1, 30] and @.id == "a")].n', [1]],
    ['$.list[?(@.id =~ /^[ab]$/)].n', [1, 20]],
    ["$.list[?(@.id =~ '[[]c')].n", [30]],
    ['$.list[?(len(@.tags) == 2)].id', ['b']],
    ['$.list[?(len(@.tags) == 0 or @.tags.length > 1)].n', [20, 30]],
    ['$.list[?@.tags[0] == "u" && @.n > 1].n', [20]],
    ['$.list[?"v" == @.tags[-1]].n', [20]],
    ['$.list[?(@.my-key == 8)].id', ['b']],
    ['$.list[?(@.tags.0 = "u")].n', [1, 20]],
    ['$.list[?(@.none == None)].n', [30]],
  ])('of the older dialect means what it meant: %s', (text, found) => expect(selected(text)).toEqual(found));

  it.each([
    '$.[',
    '$[',
    '$.list[?(@.n >)]',
    '$.list[?(@.n > 5 und @.ok)]',
    '$.list.length()',
    '$.list[]',
    'list',
    '',
    '$x',
  ])('that is neither is a problem: %s', (text) =>
    expect(readSelector(text)).toEqual({ problem: expect.stringMatching(/./) }),
  );

  it('is never anything but a JSONPath or a problem', () => {
    const piece = fc.constantFrom(
      '.',
      '..',
      '[',
      ']',
      '*',
      'a',
      'a-b',
      '0',
      ':',
      ',',
      "'",
      '"',
      '?',
      '(',
      ')',
      '@',
      ' and ',
      ' in ',
      '=~',
      '/',
      '=',
      '1',
      '\\',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const selector = readSelector(`$${pieces.join('')}`);
        if ('jsonPath' in selector) expect(() => jsonPath.query(selector.jsonPath, samples)).not.toThrow();
      }),
      { numRuns: 2000 },
    );
  });
});
