import { statesErrors } from '../errors.js';
import type { ExecutionRecord } from '../store/records.js';

interface PageRequest {
  readonly maxResults?: number | undefined;
  readonly nextToken?: string | undefined;
}

const defaultSize = 100;

const size = (maxResults: number | undefined) =>
  maxResults === undefined || maxResults === 0 ? defaultSize : maxResults;

const tokenOf = (position: number) => Buffer.from(`from ${position}`).toString('base64url');

/**
 * A page of a list that is fixed or grows only at its end. The token is the position, so no item is repeated or
 * skipped.
 *
 * @param maxResults 0 or undefined = 100
 */
export function pageFrom<T>(
  items: readonly T[],
  { maxResults, nextToken }: PageRequest,
): { readonly page: readonly T[]; readonly nextToken: string | undefined } {
  const start = nextToken === undefined ? 0 : position(nextToken);
  const end = start + size(maxResults);
  return {
    page: items.slice(start, end),
    nextToken: end < items.length ? tokenOf(end) : undefined,
  };
}

function position(token: string): number {
  const [, digits] = /^from (\d+)$/.exec(Buffer.from(token, 'base64url').toString()) ?? [];
  if (digits === undefined) throw statesErrors.invalidToken();
  return Number(digits);
}

/**
 * A page of executions, newest first. The token identifies the last one, so executions that start or change in the
 * meantime are neither repeated nor skipped.
 *
 * @param records the one that started last first; read only as far as the page needs
 */
export function pageOfNewest(
  records: Iterable<ExecutionRecord>,
  { maxResults, nextToken }: PageRequest,
): { readonly page: readonly ExecutionRecord[]; readonly nextToken: string | undefined } {
  const before = nextToken === undefined ? Number.POSITIVE_INFINITY : position(nextToken);
  const page: ExecutionRecord[] = [];
  for (const record of records) {
    if (Number.parseInt(record.id, 36) >= before) continue;
    const last = page.at(-1);
    if (last !== undefined && page.length === size(maxResults))
      return { page, nextToken: tokenOf(Number.parseInt(last.id, 36)) };
    page.push(record);
  }
  return { page, nextToken: undefined };
}
