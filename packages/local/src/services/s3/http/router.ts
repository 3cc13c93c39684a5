import type { IncomingHttpHeaders } from 'node:http';
import { membersOf } from '../../../wire/schema.js';
import { methodNotAllowed, notImplemented } from '../errors.js';
import type { Implementation } from '../shapes/operation.js';
import { traitsOf } from '../shapes/traits.js';
import type { Address } from './address.js';

/** Sub-resources of S3 that no operation here supports, in addition to those recognised by their lack of a value. */
const knownSubresources = new Set(
  `accelerate acl analytics annotation annotations cors intelligent-tiering inventory legal-hold logging metadataConfiguration
   metadataTable metrics object-lock policyStatus renameObject replication requestPayment restore retention select
   session torrent website abac`.split(/\s+/),
);

/** Finds the operation of a request. */
export class Router {
  readonly #byTarget = new Map<string, Implementation[]>();
  readonly #parameters = new Set<string>(['x-id']);

  constructor(implementations: readonly Implementation[]) {
    for (const implementation of implementations) {
      const { method, target, query = [], input } = implementation.model;
      const slot = `${method} ${target}`;
      this.#byTarget.set(slot, [...(this.#byTarget.get(slot) ?? []), implementation]);
      for (const condition of query) this.#parameters.add(nameOf(condition));
      for (const [, schema] of membersOf(input)) {
        const { query: parameter } = traitsOf(schema);
        if (parameter !== undefined) this.#parameters.add(parameter);
      }
    }
    // The operation with the most requirements is tried first: UploadPartCopy before UploadPart before PutObject.
    for (const list of this.#byTarget.values()) list.sort((a, b) => demands(b) - demands(a));
  }

  /** @throws S3Error `NotImplemented` for sub-resources that the engine does not support, `MethodNotAllowed` */
  find(method: string, address: Address, headers: IncomingHttpHeaders): Implementation {
    const target = address.bucket === undefined ? 'service' : address.key === undefined ? 'bucket' : 'object';
    const candidates = this.#byTarget.get(`${method} ${target}`) ?? [];
    const found = candidates.find(
      ({ model }) =>
        (model.query ?? []).every((condition) => fits(condition, address.query)) &&
        (model.header === undefined || headers[model.header] !== undefined),
    );
    const foreign = [...address.query].find(
      ([name, value]) => knownSubresources.has(name) || (value === '' && !this.#parameters.has(name)),
    );
    if (foreign !== undefined) throw notImplemented(`S3's sub-resource "${foreign[0]}"`);
    if (found === undefined) throw methodNotAllowed(method, resourceTypes[target]);
    return found;
  }
}

const resourceTypes = { service: 'SERVICE', bucket: 'BUCKET', object: 'OBJECT' } as const;

const demands = ({ model }: Implementation): number =>
  (model.query?.length ?? 0) * 2 + (model.header === undefined ? 0 : 1);

const nameOf = (condition: string): string => condition.split('=')[0] ?? condition;

function fits(condition: string, query: URLSearchParams): boolean {
  const [name = condition, value] = condition.split('=');
  return value === undefined ? query.has(name) : query.get(name) === value;
}
