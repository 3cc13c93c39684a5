import { type Diagnostic, formatDiagnostics, type ParseResult, parse, parseValue, type Workflow } from '@bclaw/spec';
import { expect } from 'vitest';

/** What is done with every workflow that the parser accepts, such as compiling it; must not throw. */
export type Use = (workflow: Workflow) => void;

const maxCpuMilliseconds = 2_000;

/**
 * Parses a text and checks what holds for every text: no crash, no hang (by CPU time: other tests may run beside), every
 * diagnostic in order, in the text and in words, in every format.
 */
export function parsed(text: string, use: Use): ParseResult {
  const before = process.cpuUsage();
  const result = parse(text);
  if (result.workflow !== undefined) use(result.workflow);
  const { user, system } = process.cpuUsage(before);
  expect((user + system) / 1_000, text.slice(0, 2_000)).toBeLessThan(maxCpuMilliseconds);
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

/** Checks that a value, as CloudFormation hands it to a macro, does not crash the parser. */
export function parsedAsValue(value: unknown, use: Use): void {
  const { workflow } = parseValue(value);
  if (workflow !== undefined) use(workflow);
}
