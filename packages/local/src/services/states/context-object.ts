import type { Json, JsonObject } from './interpreter/data/json.js';
import type { Arns } from './store/arns.js';
import type { ExecutionRecord } from './store/records.js';

/** The part of the context object that does not change during an execution (Step Functions, "Context object"). */
export function contextObject(arns: Arns, record: ExecutionRecord, roleArn: string, input: Json): JsonObject {
  return {
    Execution: {
      Id: arns.execution(record),
      Input: input,
      Name: record.name,
      RoleArn: roleArn,
      StartTime: new Date(record.started).toISOString(),
      RedriveCount: record.redrives ?? 0,
      ...(record.redriven === undefined ? {} : { RedriveTime: new Date(record.redriven).toISOString() }),
    },
    StateMachine: { Id: arns.machine(record.machine), Name: record.machine },
  };
}
