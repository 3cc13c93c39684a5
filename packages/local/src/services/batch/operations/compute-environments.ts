import Type from 'typebox';
import { present } from '../../../kernel/present.js';
import type { Operation } from '../../../operation.js';
import type { ComputeEnvironments } from '../compute-environments.js';
import { clientException, operation, optionalText, page, state, tags } from '../operation.js';
import { checkName } from '../resource-name.js';

const computeResources = Type.Optional(Type.Record(Type.String(), Type.Unknown()));
const one = Type.Object({ computeEnvironment: Type.String() });

/** @param isUsed - returns true if a queue uses the environment with the given ARN */
export function computeEnvironmentOperations(
  environments: ComputeEnvironments,
  isUsed: (arn: string) => boolean,
): Operation[] {
  return [
    operation(
      'CreateComputeEnvironment',
      Type.Object({
        computeEnvironmentName: Type.String(),
        type: Type.Union([Type.Literal('MANAGED'), Type.Literal('UNMANAGED')]),
        state,
        computeResources,
        serviceRole: optionalText,
        tags,
      }),
      (input) => {
        const { computeEnvironmentName } = input;
        checkName(computeEnvironmentName);
        const computeEnvironmentArn = environments.arn(computeEnvironmentName);
        environments.add({
          ...input,
          computeEnvironmentArn,
          state: input.state ?? 'ENABLED',
          status: 'VALID',
          statusReason: 'ComputeEnvironment Healthy',
          tags: input.tags ?? {},
        });
        return { computeEnvironmentName, computeEnvironmentArn };
      },
    ),

    operation(
      'UpdateComputeEnvironment',
      Type.Object({ computeEnvironment: Type.String(), state, computeResources, serviceRole: optionalText }),
      ({ computeEnvironment, computeResources, ...changes }) => {
        const record = environments.get(computeEnvironment);
        const resources = computeResources && { ...record.computeResources, ...computeResources };
        environments.replace({ ...record, ...changes, ...present({ computeResources: resources }) });
        const { computeEnvironmentName, computeEnvironmentArn } = record;
        return { computeEnvironmentName, computeEnvironmentArn };
      },
    ),

    operation(
      'DescribeComputeEnvironments',
      Type.Object({ ...page, computeEnvironments: Type.Optional(Type.Array(Type.String())) }),
      ({ computeEnvironments, ...request }) => {
        const { items, nextToken } = environments.page(request, computeEnvironments);
        return {
          computeEnvironments: items.map((record) => ({ ...record, containerOrchestrationType: 'ECS' })),
          nextToken,
        };
      },
    ),

    operation('DeleteComputeEnvironment', one, ({ computeEnvironment }) => {
      const record = environments.find(computeEnvironment);
      if (record === undefined) return {};
      if (record.state !== 'DISABLED') throw clientException('Cannot delete, state must be DISABLED');
      if (isUsed(record.computeEnvironmentArn))
        throw clientException('Cannot delete, found existing JobQueue relationship');
      environments.delete(record);
      return {};
    }),
  ];
}
