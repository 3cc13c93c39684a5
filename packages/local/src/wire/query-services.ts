import type { QueryService } from './query.js';

/** What the Query protocol needs to know of each service that speaks it, by the name in the credential scope. */
export const queryServices: Readonly<Record<string, QueryService>> = {
  cloudformation: {
    version: '2010-05-15',
    namespace: 'http://cloudformation.amazonaws.com/doc/2010-05-15/',
    types: {
      booleans: new Set([
        'DisableRollback',
        'EnableTerminationProtection',
        'ImportExistingResources',
        'IncludeNestedStacks',
        'IncludePropertyValues',
        'RetainExceptOnCreate',
        'UsePreviousTemplate',
        'UsePreviousValue',
      ]),
      integers: new Set(['MaxResults', 'MonitoringTimeInMinutes', 'TimeoutInMinutes']),
      lists: new Set([
        'Capabilities',
        'NotificationARNs',
        'Parameters',
        'ResourceTypes',
        'ResourcesToRetain',
        'RetainResources',
        'StackStatusFilter',
        'Tags',
      ]),
    },
  },
  sns: {
    version: '2010-03-31',
    namespace: 'http://sns.amazonaws.com/doc/2010-03-31/',
    types: { booleans: new Set(['ReturnSubscriptionArn']), lists: new Set(['TagKeys']) },
    xml: { maps: new Set(['Attributes']) },
  },
  sts: {
    version: '2011-06-15',
    namespace: 'https://sts.amazonaws.com/doc/2011-06-15/',
    types: { integers: new Set(['DurationSeconds']) },
  },
};
