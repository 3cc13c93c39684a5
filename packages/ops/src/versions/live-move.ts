import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import type { Clients } from '../aws/clients.js';

/** A move of the alias `live` by bclaw, as the alias's own description records it. */
export interface LiveMove {
  readonly from: number;
  readonly to: number;
  readonly at: Date;
  /** ARN of who moved it, as far as AWS says. */
  readonly by?: string;
}

/** AWS Lambda's limit for the description of an alias. */
const maxDescription = 256;

/**
 * Puts a move into words that {@link parseMove} reads back. The description of an alias is the only place where Lambda keeps
 * anything about a move; it is overwritten by the next one.
 */
export function describeMove({ from, to, at, by }: LiveMove): string {
  const words = `Moved by bclaw from version ${from} to ${to} at ${at.toISOString()}`;
  return `${words}${by === undefined ? '' : ` by ${by}`}`.slice(0, maxDescription);
}

/** The inverse of {@link describeMove}; `undefined` for what somebody else, or CloudFormation, has written. */
export function parseMove(description: string): LiveMove | undefined {
  const groups = /^Moved by bclaw from version (?<from>\d+) to (?<to>\d+) at (?<at>\S+Z)(?: by (?<by>\S+))?$/.exec(
    description,
  )?.groups;
  const { from, to, at, by } = groups ?? {};
  if (from === undefined || to === undefined || at === undefined) return undefined;
  return { from: Number(from), to: Number(to), at: new Date(at), ...(by === undefined ? {} : { by }) };
}

/** ARN of whom the credentials belong to; nobody may be kept from a rollback because AWS does not say. */
export async function callerArn(clients: Pick<Clients, 'sts'>): Promise<string | undefined> {
  try {
    return (await clients.sts.send(new GetCallerIdentityCommand({}))).Arn;
  } catch {
    return undefined;
  }
}
