import {
  DescribeExecutionCommand,
  DescribeMapRunCommand,
  ListExecutionsCommand,
  paginateListExecutions,
} from '@aws-sdk/client-sfn';
import type { Clients } from '../aws/clients.js';
import { inParallel } from '../aws/in-parallel.js';
import { branchIndex } from './steps.js';

/** The number of branches of a scatter, in total and by state. */
export interface BranchCounts {
  readonly total: number;
  /** Not begun. */
  readonly waiting: number;
  readonly running: number;
  readonly succeeded: number;
  /** Branches that failed on their own, including timeouts. */
  readonly failed: number;
  /** Branches that were aborted because too many others failed or because the job was stopped. */
  readonly aborted: number;
}

/** A branch that failed on its own. */
export interface FailedBranch {
  /** Its index, such as `00042`; within a scatter inside of a scatter `00042-00007`. */
  readonly index: string;
  /** ARN of its execution; its steps and logs can be read like those of a job. */
  readonly execution: string;
}

/**
 * Counts the branches of a map run.
 *
 * @param items the number of its items, if known: the total of Step Functions grows while it reads them
 */
export async function countBranches(
  clients: Pick<Clients, 'sfn'>,
  mapRunArn: string,
  items = 0,
): Promise<BranchCounts> {
  const { executionCounts: counts } = await clients.sfn.send(new DescribeMapRunCommand({ mapRunArn }));
  const total = counts?.total ?? 0;
  const unread = Math.max(0, items - total);
  return {
    total: total + unread,
    waiting: (counts?.pending ?? 0) + (counts?.pendingRedrive ?? 0) + unread,
    running: counts?.running ?? 0,
    succeeded: counts?.succeeded ?? 0,
    failed: (counts?.failed ?? 0) + (counts?.timedOut ?? 0),
    aborted: counts?.aborted ?? 0,
  };
}

/** AWS Step Functions, `ListExecutions`: maximum number of results in one response. */
const largestPage = 1000;

/**
 * The branches of a map run that failed on their own, in the order of their failures; if there are more than a
 * thousand, the ones that started last.
 *
 * @param limit maximum number of branches
 */
export async function readFailedBranches(
  clients: Pick<Clients, 'sfn'>,
  mapRunArn: string,
  limit: number,
): Promise<FailedBranch[]> {
  const lists = await inParallel(['FAILED', 'TIMED_OUT'] as const, async (statusFilter) => {
    const request = new ListExecutionsCommand({ mapRunArn, statusFilter, maxResults: largestPage });
    return (await clients.sfn.send(request)).executions ?? [];
  });
  const first = lists
    .flat()
    .sort((a, b) => (a.stopDate?.getTime() ?? 0) - (b.stopDate?.getTime() ?? 0))
    .slice(0, limit);
  return await inParallel(first, async ({ executionArn: execution = '' }) => {
    const { input } = await clients.sfn.send(new DescribeExecutionCommand({ executionArn: execution }));
    return { index: branchIndex(input) ?? '', execution };
  });
}

/**
 * ARNs of all branches of a map run that have started, in the order of their starts.
 *
 * @param statusFilter only the branches with this status
 */
export async function listBranches(
  clients: Pick<Clients, 'sfn'>,
  mapRunArn: string,
  statusFilter?: 'ABORTED',
): Promise<string[]> {
  const arns: string[] = [];
  const pages = paginateListExecutions({ client: clients.sfn, pageSize: largestPage }, { mapRunArn, statusFilter });
  for await (const page of pages) {
    for (const { executionArn } of page.executions ?? []) if (executionArn !== undefined) arns.push(executionArn);
  }
  return arns.reverse();
}
