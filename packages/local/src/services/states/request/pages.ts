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
 * @param records in order of their start
 */
export function pageOfNewest(
  records: readonly ExecutionRecord[],
  { maxResults, nextToken }: PageRequest,
): { readonly page: readonly ExecutionRecord[]; readonly nextToken: string | undefined } {
  const before = nextToken === undefined ? Number.POSITIVE_INFINITY : position(nextToken);
  const older = records.filter(({ id }) => Number.parseInt(id, 36) < before);
  const page = older.slice(-size(maxResults)).reverse();
  const last = page.at(-1);
  return {
    page,
    nextToken: last === undefined || page.length === older.length ? undefined : tokenOf(Number.parseInt(last.id, 36)),
  };
}
