const everyone = (Action: string) => ({
  Policy: JSON.stringify({
    Version: '2012-10-17',
    Statement: { Effect: 'Allow', Principal: '*', Action, Resource: '*' },
  }),
});

/** Attributes of a queue whose policy lets every service send messages, as EventBridge and SNS need it. */
export const openQueue = everyone('sqs:SendMessage');

/** Attributes of a topic that every service may publish to, as EventBridge needs it. */
export const openTopic = everyone('sns:Publish');
