import { callingAs } from '../../../../kernel/access/calling-as.js';
import type { EngineContext } from '../../../../kernel/service.js';
import type { Json } from '../data/json.js';
import { runtimeError } from '../data/state-error.js';
import type { TaskCall, TaskCaller } from '../run/environment.js';
import { callOptimized, callSdk } from './aws-sdk.js';
import { BatchIntegration } from './batch.js';
import type { Callbacks } from './callbacks.js';
import type { ExecutionIntegration } from './executions.js';
import { invokeDirectly, invokeOptimized } from './lambda.js';
import { untilAborted } from './until-aborted.js';

/** Calls the engine's services for Tasks. */
export class ServiceTasks implements TaskCaller {
  readonly #engine: EngineContext;
  readonly #batch: BatchIntegration;
  readonly #executions: ExecutionIntegration;
  readonly #callbacks: Callbacks;

  constructor(engine: EngineContext, executions: ExecutionIntegration, callbacks: Callbacks) {
    this.#engine = engine;
    this.#batch = new BatchIntegration(engine);
    this.#executions = executions;
    this.#callbacks = callbacks;
  }

  stop(): void {
    this.#batch.stop();
  }

  call(task: TaskCall): Promise<Json> {
    const { resource } = task;
    if (resource.kind === 'lambda') {
      return untilAborted(invokeDirectly(callingAs(this.#engine, task.caller), resource.arn, task.input), task.signal);
    }
    switch (resource.pattern) {
      case 'request':
        return untilAborted(this.#request(task, resource.service, resource.action), task.signal);
      case 'sync':
      case 'sync:2':
        return resource.service === 'batch'
          ? this.#batch.run(task)
          : this.#executions.run(task, resource.pattern === 'sync:2');
      case 'waitForTaskToken':
        return this.#callback(task, resource.service, resource.action);
    }
  }

  async #callback(task: TaskCall, service: string, action: string): Promise<Json> {
    // The callback can arrive before the request returns, from the very function that was invoked.
    const answer = this.#callbacks.wait(task.attempt, task.signal, task.heartbeat);
    if (task.resumed !== undefined) return answer;
    const request = this.#request(task, service, action).then((output) => {
      if (!task.signal.aborted) task.submitted(JSON.stringify(output));
    });
    return untilAborted(Promise.race([answer, request.then(() => answer)]), task.signal);
  }

  #request(task: TaskCall, service: string, action: string): Promise<Json> {
    const engine = callingAs(this.#engine, task.caller);
    if (service.startsWith('aws-sdk:')) return callSdk(engine, service.slice(8), action, task.input);
    switch (`${service}:${action}`) {
      case 'lambda:invoke':
        return invokeOptimized(engine, task.input);
      case 'batch:submitJob':
        return this.#batch.submit(task);
      case 'states:startExecution':
        return this.#executions.start(task);
      case 'sns:publish':
      case 'sqs:sendMessage':
      case 'events:putEvents':
        return callOptimized(engine, service, action, task.input);
      default:
        return Promise.reject(
          runtimeError(`The embedded engine does not have the service integration '${service}:${action}'`),
        );
    }
  }
}
