import { randomUUID } from 'node:crypto';
import { Type } from 'typebox';
import type { Operation } from '../../../operation.js';
import { variableReferences } from '../definition/variable-references.js';
import { statesErrors } from '../errors.js';
import { describeEvent } from '../history/describe-event.js';
import { isTooDeep, parseJson } from '../interpreter/data/json.js';
import { maximumPayloadBytes, tooLarge } from '../interpreter/run/payload.js';
import { arn, name, operation, paging } from '../operation.js';
import { dateOf } from '../request/dates.js';
import { namedExecution, namedMachine, namedMapRun, revisionOf } from '../request/lookup.js';
import { checkName } from '../request/names.js';
import { pageFrom, pageOfNewest } from '../request/pages.js';
import type { Parts } from '../request/parts.js';
import type { ExecutionRecord } from '../store/records.js';

function checkInput(text: string): void {
  if (tooLarge(text)) {
    throw statesErrors.validation(
      `1 validation error detected: Value at 'input' failed to satisfy constraint: Member must have length less than or equal to ${maximumPayloadBytes}`,
    );
  }
  if (text.trim() === '') throw statesErrors.invalidExecutionInput('Invalid execution input.');
  try {
    if (isTooDeep(parseJson(text))) throw new SyntaxError('Document nesting depth exceeds the maximum allowed (1000)');
  } catch (error) {
    throw statesErrors.invalidExecutionInput(error instanceof Error ? error.message : String(error));
  }
}

function redriveStatusOf({ status, mapRun }: ExecutionRecord) {
  if (status === 'RUNNING' || status === 'SUCCEEDED') {
    const redriveStatusReason = `Execution is ${status} and cannot be redriven`;
    return { redriveStatus: 'NOT_REDRIVABLE', redriveStatusReason };
  }
  return { redriveStatus: mapRun === undefined ? 'REDRIVABLE' : 'REDRIVABLE_BY_MAP_RUN' };
}

/** The members that DescribeExecution and ListExecutions have in common. */
function summaryOf({ arns, store }: Parts, record: ExecutionRecord) {
  const { machine, version, mapRun, redriven } = record;
  const run = mapRun === undefined ? undefined : store.mapRun(mapRun)?.mapRun;
  return {
    executionArn: arns.execution(record),
    stateMachineArn: arns.machine(machine),
    stateMachineVersionArn: version === undefined ? undefined : arns.machine(machine, version),
    name: record.name,
    status: record.status,
    startDate: new Date(record.started),
    stopDate: dateOf(record.stopped),
    mapRunArn: run && arns.mapRun(run),
    redriveCount: record.redrives ?? 0,
    redriveDate: dateOf(redriven),
  };
}

/** The one that started last first. */
function recordsOf(
  parts: Parts,
  stateMachineArn: string | undefined,
  mapRunArn: string | undefined,
): Iterable<ExecutionRecord> {
  if ((stateMachineArn === undefined) === (mapRunArn === undefined)) {
    throw statesErrors.validation('Must specify either a State Machine ARN or a Map Run ARN');
  }
  if (mapRunArn !== undefined) return parts.store.childrenOf(namedMapRun(parts, mapRunArn).mapRun.id);
  const { machine, version } = namedMachine(parts, stateMachineArn ?? '');
  const records = parts.store.executionsOf(machine.name);
  return version === undefined ? records : only(records, (record) => record.version === version.version);
}

function* only<T>(records: Iterable<T>, wanted: (record: T) => boolean): Generator<T> {
  for (const record of records) if (wanted(record)) yield record;
}

/** The operations on executions. */
export function executionOperations(parts: Parts): Operation[] {
  return [
    operation(
      'StartExecution',
      Type.Object({
        stateMachineArn: arn,
        name: Type.Optional(name),
        input: Type.Optional(Type.String()),
      }),
      (request) => {
        const { store, arns, executor } = parts;
        const { machine, version } = namedMachine(parts, request.stateMachineArn);
        if (machine.status === 'DELETING') throw statesErrors.stateMachineDeleting(request.stateMachineArn);
        const name = checkName(request.name ?? randomUUID());
        const input = request.input ?? '{}';
        checkInput(input);
        const existing = store.executionNamed(machine.name, name);
        if (existing !== undefined) {
          const executionArn = arns.execution(existing);
          // "StartExecution is idempotent" for the same name and input while the execution is running.
          if (existing.status !== 'RUNNING' || executor.inputOf(existing) !== input) {
            throw statesErrors.executionAlreadyExists(executionArn);
          }
          return { executionArn, startDate: new Date(existing.started) };
        }
        const record = executor.begin(
          {
            name,
            machine: machine.name,
            revision: version?.revision ?? machine.revision,
            ...(version === undefined ? {} : { version: version.version }),
          },
          input,
        );
        return { executionArn: arns.execution(record), startDate: new Date(record.started) };
      },
    ),

    operation('DescribeExecution', Type.Object({ executionArn: arn }), ({ executionArn }) => {
      const { executor } = parts;
      const record = namedExecution(parts, executionArn);
      const ending = executor.endingOf(record);
      return {
        ...summaryOf(parts, record),
        input: executor.inputOf(record),
        inputDetails: { included: true },
        output: ending?.output,
        outputDetails: ending?.output === undefined ? undefined : { included: true },
        error: ending?.error,
        cause: ending?.cause,
        ...redriveStatusOf(record),
      };
    }),

    operation('DescribeStateMachineForExecution', Type.Object({ executionArn: arn }), ({ executionArn }) => {
      const record = namedExecution(parts, executionArn);
      const revision = revisionOf(parts, record.revision);
      const [name = record.machine, label] = record.machine.split('/');
      return {
        stateMachineArn: parts.arns.machine(record.machine),
        name,
        definition: revision.definition,
        roleArn: revision.roleArn,
        updateDate: new Date(revision.updated),
        loggingConfiguration: revision.loggingConfiguration,
        tracingConfiguration: revision.tracingConfiguration,
        revisionId: revision.revisionId,
        variableReferences: variableReferences(revision.definition),
        label,
        mapRunArn: label === undefined ? undefined : summaryOf(parts, record).mapRunArn,
      };
    }),

    operation(
      'StopExecution',
      Type.Object({
        executionArn: arn,
        error: Type.Optional(Type.String({ maxLength: 256 })),
        cause: Type.Optional(Type.String({ maxLength: 32_768 })),
      }),
      ({ executionArn, error, cause }) => {
        const record = namedExecution(parts, executionArn);
        if (record.status === 'RUNNING') parts.executor.stop(record, error, cause);
        const stopped = namedExecution(parts, executionArn).stopped ?? parts.clock.now();
        return { stopDate: new Date(stopped) };
      },
    ),

    operation(
      'ListExecutions',
      Type.Object({
        stateMachineArn: Type.Optional(arn),
        mapRunArn: Type.Optional(Type.String({ minLength: 1, maxLength: 2000 })),
        statusFilter: Type.Optional(
          Type.Union(
            (['SUCCEEDED', 'TIMED_OUT', 'PENDING_REDRIVE', 'ABORTED', 'FAILED', 'RUNNING'] as const).map((status) =>
              Type.Literal(status),
            ),
          ),
        ),
        redriveFilter: Type.Optional(Type.Union([Type.Literal('REDRIVEN'), Type.Literal('NOT_REDRIVEN')])),
        ...paging,
        nextToken: Type.Optional(Type.String({ minLength: 1, maxLength: 3096 })),
      }),
      (input) => {
        const { statusFilter, redriveFilter } = input;
        const records = only(
          recordsOf(parts, input.stateMachineArn, input.mapRunArn),
          (record) =>
            (statusFilter === undefined || record.status === statusFilter) &&
            (redriveFilter === undefined || (record.redrives ?? 0) > 0 === (redriveFilter === 'REDRIVEN')),
        );
        const { page, nextToken } = pageOfNewest(records, input);
        const executions = page.map((record) => ({
          ...summaryOf(parts, record),
          itemCount: record.mapRun === undefined ? undefined : (record.items ?? 1),
        }));
        return { executions, nextToken };
      },
    ),

    operation(
      'GetExecutionHistory',
      Type.Object({
        executionArn: arn,
        reverseOrder: Type.Optional(Type.Boolean()),
        includeExecutionData: Type.Optional(Type.Boolean()),
        ...paging,
      }),
      (input) => {
        const record = namedExecution(parts, input.executionArn);
        const events = parts.executor.events(record);
        const ordered = input.reverseOrder === true ? [...events].reverse() : events;
        const { page, nextToken } = pageFrom(ordered, input);
        const includeData = input.includeExecutionData ?? true;
        return { events: page.map((event) => describeEvent(event, includeData)), nextToken };
      },
    ),

    operation('RedriveExecution', Type.Object({ executionArn: arn }), ({ executionArn }) => {
      const record = namedExecution(parts, executionArn);
      const { redriveStatus, redriveStatusReason } = { redriveStatusReason: '', ...redriveStatusOf(record) };
      if (redriveStatus !== 'REDRIVABLE') {
        throw statesErrors.executionNotRedrivable(
          redriveStatusReason === ''
            ? `Execution is a child workflow execution: redrive its parent, '${executionArn}'`
            : redriveStatusReason,
        );
      }
      return { redriveDate: new Date(parts.executor.redrive(record).redriven ?? 0) };
    }),
  ];
}
