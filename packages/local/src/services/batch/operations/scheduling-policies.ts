import Type from 'typebox';
import type { Operation } from '../../../operation.js';
import { clientException, operation, page, tags } from '../operation.js';
import { checkName } from '../resource-name.js';
import type { SchedulingPolicies } from '../scheduling-policies.js';

const fairsharePolicy = Type.Optional(
  Type.Object({
    computeReservation: Type.Optional(Type.Integer({ minimum: 0, maximum: 99 })),
    shareDecaySeconds: Type.Optional(Type.Integer({ minimum: 0, maximum: 604_800 })),
    shareDistribution: Type.Optional(
      Type.Array(
        Type.Object({
          shareIdentifier: Type.String(),
          weightFactor: Type.Optional(Type.Number({ minimum: 0.0001, maximum: 999.9999 })),
        }),
      ),
    ),
  }),
);
/** A policy is identified by its ARN, never by its name alone. */
const arn = Type.String();

/** @param isUsed - returns true if a queue uses the policy with the given ARN */
export function schedulingPolicyOperations(
  policies: SchedulingPolicies,
  isUsed: (arn: string) => boolean,
): Operation[] {
  return [
    operation('CreateSchedulingPolicy', Type.Object({ name: Type.String(), fairsharePolicy, tags }), (input) => {
      checkName(input.name);
      const arn = policies.arn(input.name);
      policies.add({ ...input, arn, tags: input.tags ?? {} });
      return { name: input.name, arn };
    }),

    operation('UpdateSchedulingPolicy', Type.Object({ arn, fairsharePolicy }), ({ arn, ...changes }) => {
      policies.replace({ ...policies.get(arn), ...changes });
      return {};
    }),

    operation(
      'DescribeSchedulingPolicies',
      Type.Object({ arns: Type.Array(Type.String(), { maxItems: 100 }) }),
      ({ arns }) => ({
        schedulingPolicies: arns.map((arn) => policies.find(arn)).filter((record) => record !== undefined),
      }),
    ),

    operation('ListSchedulingPolicies', Type.Object(page), (request) => {
      const { items, nextToken } = policies.page(request);
      return { schedulingPolicies: items.map(({ arn }) => ({ arn })), nextToken };
    }),

    operation('DeleteSchedulingPolicy', Type.Object({ arn }), ({ arn }) => {
      if (isUsed(arn)) throw clientException('Cannot delete, found existing JobQueue relationship');
      const record = policies.find(arn);
      if (record !== undefined) policies.delete(record);
      return {};
    }),
  ];
}
