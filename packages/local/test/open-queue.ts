/** Attributes of a queue whose policy lets every service send messages, as EventBridge and SNS need it. */
export const openQueue = {
  Policy: JSON.stringify({
    Version: '2012-10-17',
    Statement: { Effect: 'Allow', Principal: '*', Action: 'sqs:SendMessage', Resource: '*' },
  }),
};
