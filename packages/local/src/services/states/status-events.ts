import type { EventBus } from '../../kernel/service.js';
import type { ExecutionRecord } from './store/records.js';

/** Details of a "Step Functions Execution Status Change" event that are not in the execution record. */
export interface StatusDetails {
  readonly executionArn: string;
  readonly stateMachineArn: string;
  readonly stateMachineVersionArn: string | undefined;
  readonly input: string;
  readonly output: string | undefined;
  readonly error: string | undefined;
  readonly cause: string | undefined;
}

// An EventBridge entry is limited to 256 KiB; Step Functions omits input and output that do not fit.
const mostDataLength = 240_000;

/** Publishes the event that Step Functions sends to EventBridge when the status of an execution changes. */
export function publishStatus(events: EventBus, record: ExecutionRecord, details: StatusDetails): void {
  const { executionArn, stateMachineArn, input, output } = details;
  const included = input.length + (output?.length ?? 0) <= mostDataLength;
  events.publish({
    source: 'aws.states',
    'detail-type': 'Step Functions Execution Status Change',
    resources: [executionArn],
    detail: {
      executionArn,
      stateMachineArn,
      stateMachineVersionArn: details.stateMachineVersionArn ?? null,
      stateMachineAliasArn: null,
      name: record.name,
      status: record.status,
      startDate: record.started,
      stopDate: record.stopped ?? null,
      input: included ? input : null,
      inputDetails: { included },
      output: included ? (output ?? null) : null,
      outputDetails: output === undefined ? null : { included },
      error: details.error ?? null,
      cause: details.cause ?? null,
      redriveCount: record.redrives ?? 0,
      redriveDate: record.redriven ?? null,
    },
  });
}
