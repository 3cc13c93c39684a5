import type { RoleRecord } from './roles.js';

/** A role that every service may assume and that may do everything. */
export function openRole(name: string, account: string): RoleRecord {
  const document = (statement: object) =>
    JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...statement }] });
  return {
    name,
    arn: `arn:aws:iam::${account}:role/${name}`,
    trust: document({ Principal: '*', Action: 'sts:AssumeRole' }),
    inline: [document({ Action: '*', Resource: '*' })],
    managed: [],
    tags: {},
  };
}
