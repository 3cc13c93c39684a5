import type { TaskResource } from '../../definition/model.js';
import type { Thread } from './thread.js';

/** The limits of an attempt, in seconds; undefined for none. */
export interface Limits {
  readonly timeout: number | undefined;
  readonly heartbeat: number | undefined;
}

/**
 * Writes the history events of one attempt of a Task. A Lambda function that is called by its ARN has separate event
 * types.
 */
export class TaskEvents {
  readonly #thread: Thread;
  readonly #resource: TaskResource;
  readonly #region: string;
  #submitted: boolean;

  /** @param submitted true if the attempt was submitted before a restart */
  constructor(thread: Thread, resource: TaskResource, region: string, submitted: boolean) {
    this.#thread = thread;
    this.#resource = resource;
    this.#region = region;
    this.#submitted = submitted;
  }

  /** The name in the message of States.DataLimitExceeded. */
  get source(): string {
    return this.#resource.kind === 'lambda' ? this.#resource.arn : this.#resource.service;
  }

  get #names() {
    const resource = this.#resource;
    if (resource.kind === 'lambda') return { resourceType: 'lambda', resource: resource.arn };
    const suffix = resource.pattern === 'request' ? '' : `.${resource.pattern}`;
    return { resourceType: resource.service, resource: `${resource.action}${suffix}` };
  }

  /** @param role the ARN of the role that the attempt uses, undefined for that of the state machine */
  scheduled(
    input: string,
    { timeout: timeoutInSeconds, heartbeat: heartbeatInSeconds }: Limits,
    role: string | undefined,
  ): void {
    const taskCredentials = role === undefined ? undefined : { roleArn: role };
    if (this.#resource.kind === 'lambda') {
      this.#thread.add('LambdaFunctionScheduled', {
        resource: this.#resource.arn,
        input,
        timeoutInSeconds,
        taskCredentials,
      });
      this.#thread.add('LambdaFunctionStarted');
      return;
    }
    const limits = { timeoutInSeconds, heartbeatInSeconds, taskCredentials };
    this.#thread.add('TaskScheduled', { ...this.#names, parameters: input, region: this.#region, ...limits });
    this.#thread.add('TaskStarted', this.#names);
  }

  submitted(output: string): void {
    this.#submitted = true;
    this.#thread.add('TaskSubmitted', { ...this.#names, output });
  }

  succeeded(output: string): void {
    if (this.#resource.kind === 'lambda') this.#thread.add('LambdaFunctionSucceeded', { output });
    else this.#thread.add('TaskSucceeded', { ...this.#names, output });
  }

  failed(error: string | undefined, cause: string | undefined): void {
    const resource = this.#resource;
    if (resource.kind === 'lambda') this.#thread.add('LambdaFunctionFailed', { error, cause });
    else {
      const waits = resource.pattern !== 'request' && !this.#submitted;
      this.#thread.add(waits ? 'TaskSubmitFailed' : 'TaskFailed', { ...this.#names, error, cause });
    }
  }

  timedOut(error: string): void {
    if (this.#resource.kind === 'lambda') this.#thread.add('LambdaFunctionTimedOut', { error });
    else this.#thread.add('TaskTimedOut', { ...this.#names, error });
  }
}
