import { Type } from 'typebox';
import type { Operation } from '../../../operation.js';
import { statesErrors } from '../errors.js';
import { arn, operation, paging } from '../operation.js';
import { dateOf } from '../request/dates.js';
import { namedExecution, namedMapRun } from '../request/lookup.js';
import { pageFrom } from '../request/pages.js';
import type { Parts } from '../request/parts.js';
import type { ExecutionRecord, ExecutionStatus, MapRunRecord } from '../store/records.js';

function counts(
  children: readonly ExecutionRecord[],
  total: number,
  written: number,
  weight: (child: ExecutionRecord) => number,
) {
  const of = (status: ExecutionStatus) =>
    children.filter((child) => child.status === status).reduce((sum, child) => sum + weight(child), 0);
  const started = children.reduce((sum, child) => sum + weight(child), 0);
  return {
    pending: Math.max(0, total - started),
    running: of('RUNNING'),
    succeeded: of('SUCCEEDED'),
    failed: of('FAILED'),
    timedOut: of('TIMED_OUT'),
    aborted: of('ABORTED'),
    total: Math.max(total, started),
    resultsWritten: written,
    failuresNotRedrivable: 0,
    pendingRedrive: 0,
  };
}

function arnsOf({ arns }: Parts, record: MapRunRecord, parent: ExecutionRecord) {
  return {
    mapRunArn: arns.mapRun(record),
    executionArn: arns.execution(parent),
    startDate: new Date(record.started),
    stopDate: dateOf(record.stopped),
  };
}

/** The operations on map runs. */
export function mapRunOperations(parts: Parts): Operation[] {
  return [
    operation('DescribeMapRun', Type.Object({ mapRunArn: arn }), ({ mapRunArn }) => {
      const { mapRun: record, parent } = namedMapRun(parts, mapRunArn);
      const children = parts.store.childrenOf(record.id);
      const progress = parts.mapRuns.progress(record.id);
      const items = record.totalItems ?? progress?.totalItems ?? 0;
      const executions = record.totalExecutions ?? progress?.total ?? 0;
      const written = record.resultsWritten ?? 0;
      return {
        ...arnsOf(parts, record, parent),
        status: record.status,
        maxConcurrency: record.maxConcurrency,
        toleratedFailureCount: record.toleratedFailureCount ?? 0,
        toleratedFailurePercentage: record.toleratedFailurePercentage ?? 0,
        itemCounts: counts(children, items, written, (child) => child.items ?? 1),
        executionCounts: counts(children, executions, written, () => 1),
        redriveCount: record.redrives ?? 0,
        redriveDate: dateOf(record.redriven),
      };
    }),

    operation('ListMapRuns', Type.Object({ executionArn: arn, ...paging }), (input) => {
      const parent = namedExecution(parts, input.executionArn);
      const records = [...parts.store.mapRunsOf(parent)].reverse();
      const { page, nextToken } = pageFrom(records, input);
      const mapRuns = page.map((record) => ({
        ...arnsOf(parts, record, parent),
        stateMachineArn: parts.arns.machine(record.machine),
      }));
      return { mapRuns, nextToken };
    }),

    operation(
      'UpdateMapRun',
      Type.Object({
        mapRunArn: arn,
        maxConcurrency: Type.Optional(Type.Integer({ minimum: 0 })),
        toleratedFailureCount: Type.Optional(Type.Integer({ minimum: 0 })),
        toleratedFailurePercentage: Type.Optional(Type.Number({ minimum: 0, maximum: 100 })),
      }),
      ({ mapRunArn, ...settings }) => {
        const { mapRun: record } = namedMapRun(parts, mapRunArn);
        if (record.status !== 'RUNNING') {
          throw statesErrors.validation(
            'Cannot update a Map Run that has completed',
            'CANNOT_UPDATE_COMPLETED_MAP_RUN',
          );
        }
        const { maxConcurrency, toleratedFailureCount, toleratedFailurePercentage } = settings;
        parts.mapRuns.update(record, { maxConcurrency, toleratedFailureCount, toleratedFailurePercentage });
        return {};
      },
    ),
  ];
}
