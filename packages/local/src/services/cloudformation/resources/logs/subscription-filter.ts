import { textOf } from '../members.js';
import { recordedType } from '../recorded.js';
import type { ResourceType } from '../resource-type.js';
import { flag, shape, text, texts } from '../schema.js';

/** AWS::Logs::SubscriptionFilter; `Ref` is its name. The engine passes no logs on. */
export const logsSubscriptionFilter: ResourceType = recordedType(
  {
    name: 'AWS::Logs::SubscriptionFilter',
    properties: shape(
      { DestinationArn: text, FilterPattern: text, LogGroupName: text },
      {
        ApplyOnTransformedLogs: flag,
        Distribution: text,
        EmitSystemFields: texts,
        FieldSelectionCriteria: text,
        FilterName: text,
        RoleArn: text,
      },
    ),
    createOnly: ['FilterName', 'LogGroupName'],
    attributes: [],
  },
  (request) => ({
    physicalId: textOf(request.properties, 'FilterName') ?? request.generatedName({ maxLength: 512 }),
    attributes: {},
  }),
);
