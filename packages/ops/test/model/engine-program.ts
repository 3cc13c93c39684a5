import { argv } from 'node:process';
import { AwsError } from '../../../local/src/aws-error.js';
import { startEngineWith } from '../../../local/src/engine.js';
import type { Service } from '../../../local/src/service.js';
import { type ServiceFactory, serviceFactories } from '../../../local/src/services.js';

/*
 * The embedded engine in a process of its own, to be killed. Its parent can let an operation of a service fail once for one
 * workflow: `{"workflow": …, "operation": …}`, without an operation never again.
 */

const armed = new Map<string, string>();

/** The service, with its operations failing where that has been asked for. */
function faulty(service: Service): Service {
  const operations = Object.fromEntries(
    Object.entries(service.operations).map(([name, operation]) => [
      name,
      (input: unknown, request: Parameters<typeof operation>[1]) => {
        failIfArmed(name, input);
        return operation(input, request);
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

function failIfArmed(operation: string, input: unknown): void {
  for (const [workflow, name] of armed) {
    if (name !== operation || !JSON.stringify(input).includes(`${workflow}-`)) continue;
    armed.delete(workflow);
    throw new AwsError('ServiceException', `${operation} fails, as it was asked to`, { status: 500 });
  }
}

const factories = serviceFactories.map(
  (factory): ServiceFactory => ({
    ...factory,
    create: (context, options) => faulty(factory.create(context, options)),
  }),
);

process.on('message', (message: { readonly workflow: string; readonly operation?: string }) => {
  if (message.operation === undefined) armed.delete(message.workflow);
  else armed.set(message.workflow, message.operation);
});
const [directory = '', port = '0'] = argv.slice(2);
/** What the engine finds wrong with itself, for who looks into a counterexample: BCLAW_MODEL_LOG=1. */
const log = {
  info: () => undefined,
  error: (message: string, details?: Readonly<Record<string, unknown>>) => {
    if (process.env['BCLAW_MODEL_LOG']) process.stderr.write(`${message} ${JSON.stringify(details)}\n`);
  },
};
const engine = await startEngineWith(factories, { directory, port: Number(port), executor: 'process', log });
process.send?.(engine.url);
