import Type from 'typebox';
import type { Operation } from '../../../operation.js';
import { pageOf, sortedBy } from '../../../wire/page.js';
import { nameOf } from '../arns.js';
import type { JobDefinitions } from '../job-definitions.js';
import type { JobDefinitionRecord } from '../model.js';
import { clientException, operation, optionalText, page, pageOptions, tags, textMap } from '../operation.js';
import { refuseEmptyElements } from '../parameters.js';
import { checkName } from '../resource-name.js';
import { checkRetryStrategy, consumableResourceProperties, container, retryStrategy, timeout } from '../shapes.js';

const anything = Type.Optional(Type.Unknown());

export function jobDefinitionOperations(definitions: JobDefinitions): Operation[] {
  return [
    operation(
      'RegisterJobDefinition',
      Type.Object({
        jobDefinitionName: Type.String(),
        type: Type.String(),
        parameters: Type.Optional(textMap),
        containerProperties: Type.Optional(Type.Object({ ...container, image: optionalText })),
        retryStrategy: Type.Optional(retryStrategy),
        timeout: Type.Optional(timeout),
        schedulingPriority: Type.Optional(Type.Integer({ minimum: 0, maximum: 9999 })),
        propagateTags: Type.Optional(Type.Boolean()),
        platformCapabilities: Type.Optional(Type.Array(Type.String())),
        consumableResourceProperties: Type.Optional(consumableResourceProperties),
        nodeProperties: anything,
        eksProperties: anything,
        ecsProperties: anything,
        tags,
      }),
      ({ nodeProperties, eksProperties, ecsProperties, ...kept }) => {
        const { jobDefinitionName, containerProperties } = kept;
        checkName(jobDefinitionName);
        for (const [member, value] of Object.entries({ nodeProperties, eksProperties, ecsProperties }))
          if (value !== undefined)
            throw clientException(`The embedded engine runs container jobs only; it does not have ${member}.`);
        if (kept.type !== 'container')
          throw clientException(`The embedded engine runs job definitions of type container only, not ${kept.type}.`);
        if (containerProperties?.image === undefined || containerProperties.image === '')
          throw clientException('Error executing request, Exception : Container image must not be empty');
        refuseEmptyElements(containerProperties.command);
        checkRetryStrategy(kept.retryStrategy);
        const revision = (definitions.revisions(jobDefinitionName)[0]?.revision ?? 0) + 1;
        const jobDefinitionArn = definitions.arn(`${jobDefinitionName}:${revision}`);
        definitions.add({
          ...kept,
          jobDefinitionArn,
          revision,
          status: 'ACTIVE',
          type: 'container',
          parameters: kept.parameters ?? {},
          containerProperties,
          tags: kept.tags ?? {},
        });
        return { jobDefinitionName, jobDefinitionArn, revision };
      },
    ),

    operation('DeregisterJobDefinition', Type.Object({ jobDefinition: Type.String() }), ({ jobDefinition }) => {
      if (!nameOf(jobDefinition).includes(':'))
        throw clientException(
          `Error executing request, Exception : jobDefinition must be name:revision or an ARN with a revision, not ${jobDefinition}`,
        );
      const record = definitions.find(jobDefinition);
      // AWS returns the same answer for a missing definition as for one that was just deregistered.
      if (record !== undefined) definitions.replace({ ...record, status: 'INACTIVE' });
      return {};
    }),

    operation(
      'DescribeJobDefinitions',
      Type.Object({
        ...page,
        jobDefinitions: Type.Optional(Type.Array(Type.String(), { maxItems: 100 })),
        jobDefinitionName: optionalText,
        status: optionalText,
      }),
      ({ jobDefinitions, jobDefinitionName, status, ...request }) => {
        if (jobDefinitions !== undefined && jobDefinitionName !== undefined)
          throw clientException(
            'Error executing request, Exception : jobDefinitions and jobDefinitionName exclude each other',
          );
        const wanted = new Set(jobDefinitions?.map((reference) => nameOf(reference)));
        const matching = [...definitions.values()].filter(
          (record) =>
            (status === undefined || record.status === status) &&
            (jobDefinitionName === undefined || record.jobDefinitionName === jobDefinitionName) &&
            (jobDefinitions === undefined || wanted.has(nameOf(record.jobDefinitionArn))),
        );
        const { items, nextToken } = pageOf(sortedBy(matching, newestFirst), newestFirst, pageOptions(request));
        return { jobDefinitions: items.map(described), nextToken };
      },
    ),
  ];
}

function described(record: JobDefinitionRecord): Readonly<Record<string, unknown>> {
  return { ...record, platformCapabilities: record.platformCapabilities ?? ['EC2'], containerOrchestrationType: 'ECS' };
}

/** Sorts by name, then by descending revision (a revision has at most ten digits). */
function newestFirst(record: JobDefinitionRecord): string {
  return `${record.jobDefinitionName}:${String(9_999_999_999 - record.revision)}`;
}
