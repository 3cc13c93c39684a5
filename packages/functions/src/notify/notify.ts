import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import { mainIndex } from '@bclaw/spec/contract';
import { given } from '@bclaw/spec/given';
import { logged } from '../log.js';
import type { FunctionDependencies } from '../step-function.js';
import { jobEvent } from './job-event.js';
import { notificationOf } from './notification.js';

/** The function's dependencies. */
export interface NotifyDependencies extends FunctionDependencies {
  readonly sns: SNSClient;
  /** ARN of the topic that gets the messages. */
  readonly topicArn: string;
  /** Only executions whose job file is in this bucket belong to this installation. */
  readonly launcherBucket: string;
}

/**
 * The function that publishes the status of jobs to a topic: EventBridge invokes it with each "Step Functions Execution
 * Status Change". Executions that are not jobs of this installation, and branches of a scatter, are ignored.
 *
 * @returns a handler from EventBridge's event to the id of the message; undefined when nothing was published
 * @example
 * ```ts
 * const notify = createNotify({ sns: new SNSClient({}), topicArn, launcherBucket, log: console.log, clock: () => performance.now() });
 * const { message_id } = await notify(event);
 * ```
 */
export function createNotify({
  sns,
  topicArn,
  launcherBucket,
  log,
  clock,
}: NotifyDependencies): (event: unknown) => Promise<{ readonly message_id?: string }> {
  return logged(
    'notify',
    async (event, { about }) => {
      const job = jobEvent(event, launcherBucket);
      if (job === undefined) return {};
      const { workflow, version, execution } = job;
      about({ workflow, ...given({ version }), execution, branch: mainIndex });
      const { MessageId: id } = await sns.send(new PublishCommand({ TopicArn: topicArn, ...notificationOf(job) }));
      return given({ message_id: id });
    },
    log,
    clock,
  );
}
