import { noValue, type Resource, ref, type Text, when } from '@bclaw/compiler';
import { given } from '@bclaw/spec/given';
import { conditions } from './conditions.js';

/**
 * A log group that keeps its events for `LogRetentionDays` and passes them on to `LoggingDestinationArn`.
 *
 * @param id - logical id; the subscription's is `<id>Subscription`
 * @param name - absent: CloudFormation chooses one
 */
export function logGroup(id: string, name?: Text): Readonly<Record<string, Resource>> {
  return {
    [id]: {
      Type: 'AWS::Logs::LogGroup',
      DeletionPolicy: 'Delete',
      UpdateReplacePolicy: 'Delete',
      Properties: { ...given({ LogGroupName: name }), RetentionInDays: ref('LogRetentionDays') },
    },
    [`${id}Subscription`]: {
      Type: 'AWS::Logs::SubscriptionFilter',
      Condition: conditions.logDestination,
      Properties: {
        LogGroupName: ref(id),
        DestinationArn: ref('LoggingDestinationArn'),
        RoleArn: when(conditions.logDestinationRole, ref('LoggingDestinationRoleArn'), noValue),
        // All events.
        FilterPattern: '',
      },
    },
  };
}
