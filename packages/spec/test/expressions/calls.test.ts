import { describe, expect, it } from 'vitest';
import { hopelessCalls, parseExpression } from '../../src/expressions/index.js';

const told = (text: string) =>
  hopelessCalls(parseExpression(text)).map(
    ({ message, hint, from, to }) => `${text.slice(from, to)}: ${message} ${hint}`,
  );

describe('calls that no data can make succeed', () => {
  it.each([
    [
      'lenght(xs) > 3',
      'lenght: There is no function `lenght` for conditions. docs/reference/template.md lists the functions.',
    ],
    ['lem(xs) > 3', 'lem: There is no function `lem` for conditions. Did you mean `len`?'],
    [
      'not xs.contians("a")',
      'contians: There is no method `contians` for conditions. docs/reference/template.md lists the methods.',
    ],
    ['qc.name.uper() == "X"', 'uper: There is no method `uper` for conditions. Did you mean `upper`?'],
    [
      'xs.append(1)',
      'append: There is no method `append` for conditions. A condition cannot change a value; `sorted(…)`, `+` and comprehensions make new ones.',
    ],
    ['"{}".format(x)', 'format: There is no method `format` for conditions. Use `str(…)` and `+`.'],
    ['math.flor(x)', 'flor: `math` has no function `flor` for conditions. Did you mean `floor`?'],
    [
      're.compile("x")',
      'compile: `re` has no function `compile` for conditions. docs/reference/template.md lists the functions.',
    ],
    ['math(1)', 'math: There is no function `math` for conditions. docs/reference/template.md lists the functions.'],
    ['xs[0](1)', 'xs[0]: Only functions and methods can be called. Take the parentheses and what is in them away.'],
  ])('%s', (text, message) => {
    expect(told(text)).toEqual([message]);
  });

  it.each([
    ['re.match("(", x)', '"("', /missing closing/],
    ['[re.sub("a(?=b)", "", y) for y in xs]', '"a(?=b)"', /look-ahead/],
    ['re.search(r"(a)\\1", x)', 'r"(a)\\1"', /backreference/],
  ])('a pattern that is none, where it is written out: %s', (text, part, message) => {
    expect(told(text)).toEqual([expect.stringMatching(message)]);
    expect(told(text)[0]).toContain(part);
  });

  it.each([
    'len(xs) > 3 and max(x for x in xs)',
    'x.split(",")[0].strip().startswith(("a", "b"))',
    'table.get("k", 0) > 1 or {1}.union([2])',
    're.match(pattern, x) and re.fullmatch("[ACGT]+", x).group(0)',
    'math.floor(x) and math.pi',
    're.I',
    'qc.math.value > 1',
  ])('and finds nothing in %s', (text) => {
    expect(told(text)).toEqual([]);
  });
});
