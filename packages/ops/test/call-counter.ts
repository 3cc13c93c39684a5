import type { Clients } from '../src/index.js';

/** Counts the calls that go through its clients, by operation: nothing else that calls the engine is counted. */
export class CallCounter {
  readonly clients: Clients;
  #calls: string[] = [];

  constructor(clients: Clients) {
    this.clients = {
      ...clients,
      batch: this.#counted(clients.batch),
      cloudFormation: this.#counted(clients.cloudFormation),
      lambda: this.#counted(clients.lambda),
      logs: this.#counted(clients.logs),
      s3: this.#counted(clients.s3),
      sfn: this.#counted(clients.sfn),
      sqs: this.#counted(clients.sqs),
      sts: this.#counted(clients.sts),
    };
  }

  /** The operations that are called meanwhile, in order: `GetAlias`, … */
  async during(operation: () => Promise<unknown>): Promise<readonly string[]> {
    this.#calls = [];
    await operation();
    return this.#calls;
  }

  #counted<Client extends object>(client: Client): Client {
    return new Proxy(client, {
      get: (target, key) => {
        const value: unknown = Reflect.get(target, key);
        if (key !== 'send' || typeof value !== 'function') return value;
        return (command: object, ...more: unknown[]): unknown => {
          this.#calls.push(command.constructor.name.replace(/Command$/, ''));
          return Reflect.apply(value, target, [command, ...more]);
        };
      },
    });
  }
}
