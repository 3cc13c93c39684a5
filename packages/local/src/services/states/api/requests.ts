import Type from 'typebox';

/** The inputs of the operations (AWS Step Functions API Reference). */

const Arn = Type.String({ minLength: 1, maxLength: 256 });
const Name = Type.String({ minLength: 1, maxLength: 80 });
const Page = {
  maxResults: Type.Optional(Type.Integer({ minimum: 0, maximum: 1000 })),
  nextToken: Type.Optional(Type.String({ minLength: 1 })),
};
const Tags = Type.Array(Type.Object({ key: Type.String(), value: Type.Optional(Type.String()) }));
const Configuration = Type.Optional(Type.Record(Type.String(), Type.Unknown()));
const Definition = Type.String({ minLength: 1, maxLength: 1_048_576 });

export const CreateStateMachineInput = Type.Object({
  name: Name,
  definition: Definition,
  roleArn: Arn,
  type: Type.Optional(Type.Union([Type.Literal('STANDARD'), Type.Literal('EXPRESS')])),
  loggingConfiguration: Configuration,
  tracingConfiguration: Configuration,
  tags: Type.Optional(Tags),
  publish: Type.Optional(Type.Boolean()),
  versionDescription: Type.Optional(Type.String({ maxLength: 256 })),
});

export const UpdateStateMachineInput = Type.Object({
  stateMachineArn: Arn,
  definition: Type.Optional(Definition),
  roleArn: Type.Optional(Arn),
  loggingConfiguration: Configuration,
  tracingConfiguration: Configuration,
  publish: Type.Optional(Type.Boolean()),
  versionDescription: Type.Optional(Type.String({ maxLength: 256 })),
});

export const StateMachineInput = Type.Object({ stateMachineArn: Arn });
export const StateMachineVersionInput = Type.Object({ stateMachineVersionArn: Arn });
export const PageInput = Type.Object(Page);
export const StateMachinePageInput = Type.Object({ stateMachineArn: Arn, ...Page });
export const ExecutionInput = Type.Object({ executionArn: Arn });
export const MapRunInput = Type.Object({ mapRunArn: Arn });

export const PublishStateMachineVersionInput = Type.Object({
  stateMachineArn: Arn,
  revisionId: Type.Optional(Type.String()),
  description: Type.Optional(Type.String({ maxLength: 256 })),
});

export const ValidateStateMachineDefinitionInput = Type.Object({
  definition: Type.String({ maxLength: 1_048_576 }),
  type: Type.Optional(Type.Union([Type.Literal('STANDARD'), Type.Literal('EXPRESS')])),
  severity: Type.Optional(Type.Union([Type.Literal('ERROR'), Type.Literal('WARNING')])),
  maxResults: Type.Optional(Type.Integer({ minimum: 0, maximum: 100 })),
});

export const StartExecutionInput = Type.Object({
  stateMachineArn: Arn,
  name: Type.Optional(Name),
  input: Type.Optional(Type.String()),
});

export const StopExecutionInput = Type.Object({
  executionArn: Arn,
  error: Type.Optional(Type.String({ maxLength: 256 })),
  cause: Type.Optional(Type.String({ maxLength: 32_768 })),
});

export const ListExecutionsInput = Type.Object({
  stateMachineArn: Type.Optional(Arn),
  mapRunArn: Type.Optional(Type.String({ minLength: 1, maxLength: 2000 })),
  statusFilter: Type.Optional(
    Type.Union(
      (['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED', 'PENDING_REDRIVE'] as const).map((status) =>
        Type.Literal(status),
      ),
    ),
  ),
  redriveFilter: Type.Optional(Type.Union([Type.Literal('REDRIVEN'), Type.Literal('NOT_REDRIVEN')])),
  ...Page,
});

export const GetExecutionHistoryInput = Type.Object({
  executionArn: Arn,
  reverseOrder: Type.Optional(Type.Boolean()),
  includeExecutionData: Type.Optional(Type.Boolean()),
  ...Page,
});

export const ListMapRunsInput = Type.Object({ executionArn: Arn, ...Page });

export const UpdateMapRunInput = Type.Object({
  mapRunArn: Arn,
  maxConcurrency: Type.Optional(Type.Integer({ minimum: 0 })),
  toleratedFailureCount: Type.Optional(Type.Integer({ minimum: 0 })),
  toleratedFailurePercentage: Type.Optional(Type.Number({ minimum: 0, maximum: 100 })),
});

export const TagResourceInput = Type.Object({ resourceArn: Arn, tags: Tags });
export const UntagResourceInput = Type.Object({ resourceArn: Arn, tagKeys: Type.Array(Type.String()) });
export const ResourceInput = Type.Object({ resourceArn: Arn });

const Token = Type.String({ minLength: 1, maxLength: 2048 });
export const SendTaskSuccessInput = Type.Object({ taskToken: Token, output: Type.String() });
export const SendTaskFailureInput = Type.Object({
  taskToken: Token,
  error: Type.Optional(Type.String({ maxLength: 256 })),
  cause: Type.Optional(Type.String({ maxLength: 32_768 })),
});
export const SendTaskHeartbeatInput = Type.Object({ taskToken: Token });
