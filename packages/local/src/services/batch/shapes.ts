import Type from 'typebox';
import { optionalText } from './operation.js';

/* Shapes used by both job definitions and submissions. */

export const retryStrategy = Type.Object({
  attempts: Type.Optional(Type.Integer({ minimum: 1, maximum: 10 })),
  evaluateOnExit: Type.Optional(
    Type.Array(
      Type.Object({
        action: Type.String({ pattern: '^([Rr][Ee][Tt][Rr][Yy]|[Ee][Xx][Ii][Tt])$' }),
        onExitCode: optionalText,
        onReason: optionalText,
        onStatusReason: optionalText,
      }),
      { maxItems: 5 },
    ),
  ),
});

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
