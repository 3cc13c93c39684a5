import { describe, expect, it } from 'vitest';
import {
  conditionHolds,
  ExpressionError,
  ExpressionSyntaxError,
  evaluateExpression,
  namesOf,
  type Value,
  valueFrom,
  valueFromJson,
} from '../../src/index.js';

const data = new Map<string, Value>(
  Object.entries({
    reads: valueFrom(1200),
    q30: valueFrom(0.85),
    status: valueFrom('PASS'),
    nothing: null,
    samples: valueFrom([
      { name: 'a', depth: 30 },
      { name: 'b', depth: 4 },
    ]),
    qc: valueFromJson('{"big": 9007199254740993, "one": 1.0, "tags": ["x", "y"]}'),
  }),
);

const evaluate = (text: string) => evaluateExpression(text, data);
const failure = (text: string) => {
  try {
    evaluate(text);
  } catch (error) {
    if (error instanceof ExpressionError) return error;
    throw error;
  }
  throw new Error(`${text} did not fail`);
};

describe('an expression', () => {
  it.each([
    ['reads < 1000 or q30 < 0.9', true],
    ["status == 'PASS' and not reads < 1000", true],
    ['any(s.depth < 10 for s in samples)', true],
    ["samples[-1]['name'] in ('b', 'c')", true],
    ['0 < q30 < 1', true],
    ['nothing is None', true],
    ['"" or []', false],
    ['1 == 1.0 == True', true],
    ["bool(re.search('^PA', status))", true],
    ['not nothing or status', true],
  ])('%s holds: %s', (text, expected) => {
    expect(conditionHolds(text, data)).toBe(expected);
  });

  it("has Python's numbers, not JavaScript's", () => {
    expect(evaluate('7 / 2')).toBe(3.5);
    expect(evaluate('-7 // 2')).toBe(-4n);
    expect(evaluate('-7 % 3')).toBe(2n);
    expect(evaluate('round(2.5)')).toBe(2n);
    expect(evaluate('round(2.675, 2)')).toBe(2.67);
    expect(evaluate('qc.big + 1')).toBe(9007199254740994n);
    expect(evaluate('str(qc.one)')).toBe('1.0');
    expect(evaluate('2 ** -1')).toBe(0.5);
    expect(evaluate('-2 ** 2')).toBe(-4n);
  });

  it.each([
    ['missing > 1', 'NameError'],
    ['qc.absent', 'KeyError'],
    ['samples[9]', 'IndexError'],
    ['reads + status', 'TypeError'],
    ['reads / 0', 'ZeroDivisionError'],
    ["int('x')", 'ValueError'],
    ['10.0 ** 400', 'OverflowError'],
    ['status.length', 'AttributeError'],
  ])('%s is a %s, never a silent false', (text, kind) => {
    const error = failure(text);
    expect(error.failure).toBe(kind);
    expect(error.message).toContain(text);
  });

  it('quotes no more of large data than a person can read', () => {
    const large = new Map<string, Value>([['text', 'x'.repeat(100_000)]]);
    expect(() => evaluateExpression('float(text)', large)).toThrow(/^.{200,600}$/);
  });

  it('quotes the part that failed', () => {
    expect(failure('reads > 1 and qc.absent > 2').message).toBe(
      "The expression `reads > 1 and qc.absent > 2` failed, at `qc.absent`: KeyError: 'absent'",
    );
  });

  it("lets the data's names win over builtins", () => {
    expect(evaluateExpression('max > 3', new Map([['max', 4n]]))).toBe(true);
  });
});

describe('the work of an expression', () => {
  it.each([
    '9**9**9',
    '"a" * 10**9',
    '[0] * 10**9',
    '[x for x in range(10**9)]',
    'sum(a * b for a in range(9999) for b in range(9999))',
    '[[[[0 for a in range(99)] for b in range(99)] for c in range(99)] for d in range(99)]',
    'max(range(10**12))',
    '10**10 in [x for x in range(10**7)]',
    'math.factorial(10**6)',
    `${'('.repeat(90)}${'1'.repeat(4000)}${')'.repeat(90)} ** 99`,
    '"".join(["x" * 10**5 for y in range(10**5)])',
    "('a' * 30000).replace('', 'b' * 30000)",
    'list(zip(range(10**9), range(10**9)))',
    'sorted(range(10**9))',
    'sum(x * y * z for x in range(999) for y in range(999) for z in range(999))',
    '", ".join(str(x) for x in range(10**9))',
    '{("x" * 10**4, y) for y in range(10**5)}',
    '[("x" * 10**5).count("xy", 1) for y in range(10**5)]',
    '[("x" * 10**5).find("x" * 50 + "y") for y in range(10**5)]',
    '[{"x" * 10**5: y}["x" * 10**5] for y in range(10**5)]',
    '[re.search("(x+x+)+y", "x" * 10**5) for y in range(10**5)]',
  ])('ends in a clean error: %s', (text) => {
    expect(failure(text).failure).toBe('BudgetExceeded');
  });

  const large = namesOf(
    valueFromJson(
      JSON.stringify({
        digits: '9'.repeat(4000),
        text: `${'a'.repeat(100_000)}b`,
        blanks: ' '.repeat(100_000),
        wide: 'é'.repeat(100_000),
        rows: Array.from({ length: 10_000 }, (_, row) => row),
        table: Object.fromEntries(Array.from({ length: 10_000 }, (_, row) => [`k${row}`, row])),
      }),
    ),
  );

  it.each([
    'int(digits)',
    'int(digits, 36)',
    'float(digits)',
    'float(blanks + "1")',
    'text.isascii()',
    'wide.isprintable()',
    'wide.isidentifier()',
    'text.islower()',
    'text.removeprefix(wide)',
    'len(wide)',
    'rows < rows',
    '10**6 in table.values()',
    'any(True for key in table)',
    'table.items() == table.items()',
    'dict(table)',
    'int(digits) // 7',
    'math.gcd(int(digits), 10**3999)',
    'math.comb(1500, 750)',
    'round(1e-300, 320)',
    '[seen.isdisjoint(seen) for seen in [set(rows)] for turn in range(10**5)]',
    '[seen.union(seen) for seen in [set(rows)] for turn in range(10**5)]',
    're.search("b$", text)',
    're.search("a{1,900}" + str(i), text)',
    // Each match searches to the end of the text without success: linear for one match, quadratic for all.
    're.findall("a.*?c|a", text)',
    're.sub("a.*?c|a", "x", text)',
  ])(
    'is counted by what is read, too: %s, over and over, of large data',
    (text) => {
      expect(() => evaluateExpression(`[${text} for i in range(10**5)]`, large)).toThrow(/BudgetExceeded/);
    },
    2_000,
  );

  it('is no more for a key of tuples within tuples, whatever is in the innermost', () => {
    const nested = (inner: string) => `${'('.repeat(90)}${inner}${',)'.repeat(90)}`;
    expect(evaluate(`len({${nested(`'"'`)}, ${nested('"\'"')}, ${nested(`'"'`)}})`)).toBe(2n);
  });

  it.each([
    ['parentheses', `${'('.repeat(9_000)}1${')'.repeat(9_000)}`],
    ['brackets that are never closed', '['.repeat(15_000)],
    ['a sum', Array(1_000).fill('1').join(' + ')],
    ['comparisons', Array(1_000).fill('1').join(' < ')],
    ['negations', `${'not '.repeat(1_000)}True`],
    ['subscripts', `samples${'[0]'.repeat(1_000)}`],
    ['alternatives', `${'1 if True else '.repeat(1_000)}1`],
  ])('ends before it begins where there are thousands of %s', (_, text) => {
    expect(() => evaluate(text)).toThrow(ExpressionSyntaxError);
  });

  it('is refused for data that nest too deep to be walked', () => {
    expect(() => valueFromJson(`${'['.repeat(3_000)}${']'.repeat(3_000)}`)).toThrow(/nests deeper than/);
  });

  it('is linear where a backtracking engine would not end', () => {
    expect(evaluate("re.fullmatch('(a+)+$', 'a' * 2000 + 'b')")).toBe(null);
    expect(evaluate("re.match('(a|aa)+c', 'a' * 2000)")).toBe(null);
  });
});
