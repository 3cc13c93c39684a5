import { type Diagnostic, formatDiagnostics, type ParseResult, parse, parseValue, type Workflow } from '@bclaw/spec';
import { expect } from 'vitest';
import { parse as parseYaml } from 'yaml';

/** A function that is called with every workflow that the parser accepts, for example to compile it; must not throw. */
export type Use = (workflow: Workflow) => void;

/** CPU time in milliseconds of the YAML library for {@link yardstick} on the machine of docs/explanation/speed.md. */
const yardstickMilliseconds = 14;
const yardstick = '- sample: {name: s1, reads: [a.fq, b.fq], depth: 30}\n'.repeat(400);

/**
 * 2 s on that machine; on a slower one, scaled by the time of the YAML library. Only the conformance suite checks
 * times: `npm test` also runs on machines that are busy with other work.
 */
const maxCpuMilliseconds =
  process.env['BCLAW_COUNT_TIMES'] === undefined
    ? Number.POSITIVE_INFINITY
    : 2_000 * Math.max(1, yardstickTaken() / yardstickMilliseconds);

/** The median of several runs, after warming up. */
function yardstickTaken(): number {
  const taken = Array.from({ length: 15 }, () => timed(() => parseYaml(yardstick)).taken);
  return taken.slice(-7).sort((one, other) => one - other)[3] ?? 0;
}

/** @returns the result of `work`, and its CPU time in milliseconds */
function timed<T>(work: () => T): { readonly result: T; readonly taken: number } {
  const before = process.cpuUsage();
  const result = work();
  const { user, system } = process.cpuUsage(before);
  return { result, taken: (user + system) / 1_000 };
}

/**
 * Parses a text and checks the laws for every text: no crash, no hang (by CPU time, because other tests may run at the
 * same time), every diagnostic in order, inside the text and with a message, in every format.
 */
export function parsed(text: string, use: Use): ParseResult {
  const { result, taken } = timed(() => {
    const read = parse(text);
    if (read.workflow !== undefined) use(read.workflow);
    return read;
  });
  expect(taken, text.slice(0, 2_000)).toBeLessThan(maxCpuMilliseconds);
  const failed = result.diagnostics.some(({ severity }) => severity === 'error');
  expect(result.workflow === undefined).toBe(failed);
  checkPlaces(result.diagnostics, text);
  for (const format of ['text', 'json', 'sarif', 'github'] as const)
    expect(typeof formatDiagnostics([result], format)).toBe('string');
  return result;
}

function checkPlaces(diagnostics: readonly Diagnostic[], text: string): void {
  const lines = text.split('\n');
  let last = 0;
  for (const { range, message, hint, code } of diagnostics) {
    expect(code).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    expect(`${message} ${hint}`.replace(' undefined', '')).not.toMatch(/\bundefined\b|\[object /);
    expect(range).toBeDefined();
    if (range === undefined) continue;
    const { start, end } = range;
    expect(start.line).toBeGreaterThanOrEqual(1);
    expect(start.line).toBeLessThanOrEqual(lines.length);
    expect(start.column).toBeLessThanOrEqual((lines[start.line - 1] ?? '').length + 1);
    expect(end.offset).toBeGreaterThanOrEqual(start.offset);
    expect(start.offset).toBeGreaterThanOrEqual(last);
    last = start.offset;
  }
}

/** Checks that a value, as a macro gets it from CloudFormation, does not crash the parser. */
export function parsedAsValue(value: unknown, use: Use): void {
  const { workflow } = parseValue(value);
  if (workflow !== undefined) use(workflow);
}
