import Type from 'typebox';
import type { RetryStrategy } from './model.js';
import { clientException, optionalText } from './operation.js';

/* Shapes used by both job definitions and submissions. */

/** AWS Batch, EvaluateOnExit: at most 512 characters, of which only the last may be an asterisk. */
const pattern = (characters: string) =>
  Type.Optional(Type.String({ pattern: `^[${characters}]*\\*?$`, maxLength: 512 }));

export const retryStrategy = Type.Object({
  attempts: Type.Optional(Type.Integer({ minimum: 1, maximum: 10 })),
  evaluateOnExit: Type.Optional(
    Type.Array(
      Type.Object({
        action: Type.String({ pattern: '^([Rr][Ee][Tt][Rr][Yy]|[Ee][Xx][Ii][Tt])$' }),
        onExitCode: pattern('0-9'),
        onReason: pattern('A-Za-z0-9.:\\s'),
        onStatusReason: pattern('A-Za-z0-9.:\\s'),
      }),
      { maxItems: 5 },
    ),
  ),
});

/** AWS Batch, RetryStrategy: "If this parameter is specified, then the attempts parameter must also be specified." */
export function checkRetryStrategy(strategy: RetryStrategy | undefined): void {
  if (strategy?.evaluateOnExit !== undefined && strategy.attempts === undefined)
    throw clientException(
      'Error executing request, Exception : RetryStrategy attempts must be specified with evaluateOnExit.',
    );
}

export const timeout = Type.Object({ attemptDurationSeconds: Type.Optional(Type.Integer({ minimum: 60 })) });

export const container = {
  command: Type.Optional(Type.Array(Type.String())),
  environment: Type.Optional(Type.Array(Type.Object({ name: optionalText, value: optionalText }))),
  resourceRequirements: Type.Optional(Type.Array(Type.Object({ type: Type.String(), value: Type.String() }))),
  vcpus: Type.Optional(Type.Integer({ minimum: 1 })),
  memory: Type.Optional(Type.Integer({ minimum: 4 })),
};

export const consumableResourceProperties = Type.Object({
  consumableResourceList: Type.Optional(
    Type.Array(Type.Object({ consumableResource: Type.String(), quantity: Type.Integer({ minimum: 0 }) })),
  ),
});
