import * as batch from '@aws-sdk/client-batch';
import * as cloudformation from '@aws-sdk/client-cloudformation';
import * as logs from '@aws-sdk/client-cloudwatch-logs';
import * as events from '@aws-sdk/client-eventbridge';
import * as lambda from '@aws-sdk/client-lambda';
import * as s3 from '@aws-sdk/client-s3';
import * as secretsmanager from '@aws-sdk/client-secrets-manager';
import * as states from '@aws-sdk/client-sfn';
import * as sns from '@aws-sdk/client-sns';
import * as sqs from '@aws-sdk/client-sqs';
import * as sts from '@aws-sdk/client-sts';

/*
 * AWS's own model of each operation, as included in the SDK's clients: arrays that `@smithy/types` calls static
 * schemas, generated from AWS's published models.
 */

const clients: Readonly<Record<string, object>> = {
  batch,
  cloudformation,
  events,
  lambda,
  logs,
  s3,
  secretsmanager,
  sns,
  sqs,
  states,
  sts,
};

/** Kinds of values, as far as a request on the wire distinguishes them. */
export type Shape =
  | { readonly kind: 'blob' | 'boolean' | 'document' | 'number' | 'string' | 'timestamp' }
  | { readonly kind: 'list'; readonly items: () => Shape }
  | { readonly kind: 'map'; readonly values: () => Shape }
  | { readonly kind: 'structure'; readonly members: ReadonlyMap<string, Member> };

export interface Member {
  readonly shape: () => Shape;
  readonly required: boolean;
  /** The name on the wire: of a header or a query parameter. */
  readonly header: string | undefined;
  readonly query: string | undefined;
}

export interface OperationShape {
  readonly input: ReadonlyMap<string, Member>;
  /** Method, path and status of a success; only for REST services. */
  readonly http: readonly [string, string, number] | undefined;
}

/** An operation in AWS's model; `undefined` when AWS has none with this name. */
export function operationShape(service: string, operation: string): OperationShape | undefined {
  const schema: unknown = Reflect.get(clients[service] ?? {}, `${operation}$`);
  if (!Array.isArray(schema)) return undefined;
  const input = shapeOf(schema[4]);
  const http: unknown = Reflect.get(Object(schema[3]), 'http');
  return {
    input: input.kind === 'structure' ? input.members : new Map(),
    http: Array.isArray(http) ? [String(http[0]), String(http[1]), Number(http[2])] : undefined,
  };
}

const listBit = 0b0100_0000;
const mapBit = 0b1000_0000;

function shapeOf(reference: unknown): Shape {
  if (typeof reference === 'function') return shapeOf(reference());
  if (typeof reference === 'number') {
    if ((reference & mapBit) !== 0) return { kind: 'map', values: () => shapeOf(reference & ~mapBit) };
    if ((reference & listBit) !== 0) return { kind: 'list', items: () => shapeOf(reference & ~listBit) };
    return simple(reference);
  }
  if (typeof reference === 'string' && reference === 'unit') return { kind: 'structure', members: new Map() };
  if (!Array.isArray(reference)) throw new Error(`The SDK has a schema of a form that is not known: ${reference}`);
  // A member's schema with its traits.
  if (reference.length === 2) return shapeOf(reference[0]);
  const [id, , , , first, second, required = 0]: unknown[] = reference;
  switch (id) {
    case 0:
      return shapeOf(first);
    case 1:
      return { kind: 'list', items: () => shapeOf(first) };
    case 2:
      return { kind: 'map', values: () => shapeOf(second) };
    case 3:
    case 4:
      return { kind: 'structure', members: membersOf(Object(first), Object(second), Number(required)) };
    default:
      throw new Error(`The SDK has a schema of a kind that is not known: ${id}`);
  }
}

/** Required members come first in the SDK's lists. */
function membersOf(names: readonly string[], references: readonly unknown[], required: number) {
  return new Map(
    names.map((name, index): [string, Member] => {
      const reference = references[index];
      const traits: unknown = Array.isArray(reference) && reference.length === 2 ? reference[1] : undefined;
      const trait = (key: string) => {
        const value: unknown = Reflect.get(Object(traits), key);
        return typeof value === 'string' ? value : undefined;
      };
      return [
        name,
        {
          shape: () => shapeOf(reference),
          required: index < required,
          header: trait('httpHeader'),
          query: trait('httpQuery'),
        },
      ];
    }),
  );
}

function simple(code: number): Shape {
  switch (code) {
    case 0:
      return { kind: 'string' };
    case 1:
    case 0b0001_0001:
    case 0b0001_0011:
      return { kind: 'number' };
    case 2:
      return { kind: 'boolean' };
    case 0b0000_0100:
    case 0b0000_0101:
    case 0b0000_0110:
    case 0b0000_0111:
      return { kind: 'timestamp' };
    case 0b0000_1111:
      return { kind: 'document' };
    case 0b0001_0101:
    case 0b0010_1010:
      return { kind: 'blob' };
    default:
      throw new Error(`The SDK has a simple type that is not known: ${code}`);
  }
}
