import type { TObject } from 'typebox';
import type { Json, JsonObject } from '../json.js';

/** A type of resource: how CloudFormation makes, changes and removes one through the service that has it. */
export interface ResourceType {
  /** `AWS::Lambda::Function`. */
  readonly name: string;
  /** The properties, closed: a property that is not in it is refused. */
  readonly properties: TObject;
  /** Properties whose change needs a new resource ("Update requires: Replacement"). */
  readonly createOnly: readonly string[];
  /** Attributes of `Fn::GetAtt`; `Ref` is the physical id. */
  readonly attributes: readonly string[];
  /** The property that takes the stack's tags, and its form. */
  readonly tags?: { readonly property: string; readonly form: 'list' | 'map' };
  /** Attributes (or `Ref`) that an update in place changes; who uses them is updated too. */
  readonly changesOnUpdate?: readonly string[];
  /**
   * Set when every change makes a new physical resource beside the old one although CloudFormation calls it an update in
   * place (a job definition's revision). Tells whether the old one stays.
   */
  readonly revises?: (properties: JsonObject) => 'delete-old' | 'keep-old';

  /** What there is already under the name that this request gives: creating would fail, or it is what a killed engine made. */
  find?(request: ResourceRequest): Promise<ResourceState | undefined>;
  /** For resources without a name of their own: something JSON that tells, after a crash, what was made since. */
  survey?(request: ResourceRequest): Promise<Json>;
  /** What was made since that survey. */
  adopt?(request: ResourceRequest, survey: Json): Promise<ResourceState | undefined>;

  create(request: ResourceRequest): Promise<ResourceState>;
  /** Brings what exists to the properties of the request; must bear being done twice. Absent: every change replaces. */
  update?(request: ResourceRequest, existing: ExistingResource): Promise<ResourceState>;
  /** Removing what is gone already succeeds. */
  delete(existing: ExistingResource, tools: ResourceTools): Promise<void>;
}

export interface ResourceState {
  readonly physicalId: string;
  readonly attributes: JsonObject;
}

export interface ExistingResource extends ResourceState {
  readonly properties: JsonObject;
}

/** What a handler can use. */
export interface ResourceTools {
  readonly partition: string;
  readonly region: string;
  readonly accountId: string;
  /** Calls an operation of a service; the output as an object. */
  call(service: string, operation: string, input: object): Promise<Readonly<Record<string, unknown>>>;
}

/** A resource that is wanted. */
export interface ResourceRequest extends ResourceTools {
  readonly stackName: string;
  readonly logicalId: string;
  /** Checked against the type's properties. */
  readonly properties: JsonObject;
  /** `<stack>-<logical id>-<random>`, the same each time for this creation. */
  generatedName(options?: { readonly maxLength?: number; readonly lowerCase?: boolean }): string;
}
