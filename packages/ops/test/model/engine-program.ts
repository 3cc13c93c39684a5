import { argv } from 'node:process';
import { startEngineWith } from '../../../local/src/kernel/engine.js';
import type { Service } from '../../../local/src/kernel/service.js';
import type { RequestContext } from '../../../local/src/operation.js';
import { type ServiceFactory, serviceFactories } from '../../../local/src/services/index.js';
import { AwsError } from '../../../local/src/wire/aws-error.js';

/*
 * The embedded engine in a process of its own, to be killed. Its parent can make an operation of a service fail once
 * for one workflow, `{"workflow": …, "operation": …}`, or hold it, with `"hold": true`: then the parent receives
 * `{"held": <workflow>}`, and the operation continues with the next order. An order without an operation cancels the
 * previous one.
 */

interface Order {
  readonly workflow: string;
  readonly operation?: string;
  readonly hold?: boolean;
}

const armed = new Map<string, Order>();
/** By workflow: resumes the held operation. */
const held = new Map<string, () => void>();

/** The service, with failing operations where an order says so. */
function faulty(service: Service): Service {
  const operations = new Map(
    [...service.operations].map(([name, operation]) => [
      name,
      {
        ...operation,
        run(input: unknown, request: RequestContext) {
          const going = obey(name, input);
          return going === undefined ? operation.run(input, request) : going.then(() => operation.run(input, request));
        },
      },
    ]),
  );
  return new Proxy(service, {
    get(target, property) {
      if (property === 'operations') return operations;
      const member: unknown = Reflect.get(target, property, target);
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
}

/** Throws if an order says so. @returns for a held operation, the promise to wait for */
function obey(name: string, input: unknown): Promise<void> | undefined {
  for (const { workflow, operation, hold } of armed.values()) {
    if (operation !== name || !JSON.stringify(input).includes(`${workflow}-`)) continue;
    armed.delete(workflow);
    if (hold !== true) throw new AwsError('ServiceException', `${name} fails, as it was asked to`, { status: 500 });
    process.send?.({ held: workflow });
    return new Promise((resolve) => held.set(workflow, resolve));
  }
  return undefined;
}

const factories = serviceFactories.map(
  (create): ServiceFactory =>
    (context, options) =>
      faulty(create(context, options)),
);

process.on('message', (order: Order) => {
  held.get(order.workflow)?.();
  held.delete(order.workflow);
  if (order.operation === undefined) armed.delete(order.workflow);
  else armed.set(order.workflow, order);
});
const [directory = '', port = '0'] = argv.slice(2);
/** The engine's internal errors, for debugging a counterexample: BCLAW_MODEL_LOG=1. */
const log = {
  info: () => undefined,
  error: (message: string, details?: Readonly<Record<string, unknown>>) => {
    if (process.env['BCLAW_MODEL_LOG']) process.stderr.write(`${message} ${JSON.stringify(details)}\n`);
  },
};
const engine = await startEngineWith(factories, { directory, port: Number(port), executor: 'process', log });
process.send?.(engine.url);
