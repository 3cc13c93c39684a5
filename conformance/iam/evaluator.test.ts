import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluate } from '../../packages/local/src/iam/evaluate.js';
import { parsePolicy } from '../../packages/local/src/iam/policy.js';
import type { Principal } from '../../packages/local/src/iam/principal.js';
import { simulate } from './iam-simulate.js';
import { type RandomCase, randomCase } from './random-policies.js';

const cases = Number(process.env['BCLAW_IAM_CASES'] ?? 10_000);
const seed = Number(process.env['BCLAW_SEED'] ?? 20_261_129);
const shown = 5;

const account = '123456789012';

function principalOf(arn: string): Principal {
  if (!arn.startsWith('arn:')) return { kind: 'service', name: arn };
  return { kind: 'session', account, arn, roleArn: `arn:aws:iam::${account}:role/jobs` };
}

function ours(given: RandomCase): string {
  const keys = new Map(Object.entries(given.context).map(([key, value]) => [key.toLowerCase(), [value].flat()]));
  const optional = (document: object | undefined, kind: 'identity' | 'resource') =>
    document === undefined ? undefined : parsePolicy(document, kind);
  const decision = evaluate(
    {
      principal: principalOf(given.principal),
      action: given.action,
      resource: given.resource,
      resourceAccount: given.resourceAccount,
      context: (key) => keys.get(key.toLowerCase()),
    },
    {
      identity: given.identity.map((document) => parsePolicy(document, 'identity')),
      resource: optional(given.resourcePolicy, 'resource'),
      boundary: optional(given.boundary, 'identity'),
      session: optional(given.sessionPolicy, 'identity'),
    },
  );
  if (decision.allowed) return 'Allowed';
  return decision.explicit ? 'ExplicitlyDenied' : 'ImplicitlyDenied';
}

describe('the evaluator of IAM policies', () => {
  it(`decides ${cases} generated requests as iam-simulate does`, async () => {
    const answers = { Allowed: 0, ExplicitlyDenied: 0, ImplicitlyDenied: 0 } as Record<string, number>;
    const different: unknown[] = [];
    for (const given of fc.sample(randomCase, { numRuns: cases, seed })) {
      const [own, other] = [ours(given), await simulate(given)];
      answers[own] = (answers[own] ?? 0) + 1;
      if (own !== other) different.push({ own, other, given });
    }
    expect({ different: different.length, first: different.slice(0, shown) }).toEqual({ different: 0, first: [] });
    for (const count of Object.values(answers)) expect(count).toBeGreaterThan(cases / 20);
  });
});
