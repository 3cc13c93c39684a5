import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import type { RandomCase } from './random-policies.js';

const require = createRequire(new URL('../package.json', import.meta.url));

/**
 * Another evaluator of IAM policies, which other people wrote. Its licence is AGPL: `install.sh` brings it for this suite
 * alone, and so it is loaded here without its types.
 */
const module: unknown = await import(pathToFileURL(require.resolve('@cloud-copilot/iam-simulate')).href);

/** @returns `Allowed`, `ExplicitlyDenied` or `ImplicitlyDenied`, or what it does not like about the request */
export async function simulate(given: RandomCase): Promise<string> {
  const run: unknown = Reflect.get(Object(module), 'runSimulation');
  if (typeof run !== 'function') throw new Error('iam-simulate has no runSimulation.');
  const named = (documents: readonly object[]) => documents.map((policy, index) => ({ name: `p${index}`, policy }));
  const answer: unknown = await run(
    {
      request: {
        principal: given.principal,
        action: given.action,
        resource: { resource: given.resource, accountId: given.resourceAccount },
        contextVariables: { ...given.context },
      },
      identityPolicies: named(given.identity),
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      resourcePolicy: given.resourcePolicy,
      permissionBoundaryPolicies: given.boundary === undefined ? undefined : named([given.boundary]),
      sessionPolicy: given.sessionPolicy,
    },
    {},
  );
  const result: unknown = Reflect.get(Object(answer), 'overallResult');
  return typeof result === 'string' ? result : JSON.stringify(answer);
}
