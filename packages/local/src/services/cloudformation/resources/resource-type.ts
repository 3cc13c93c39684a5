import type { TObject } from 'typebox';
import type { Permission } from '../../../iam/access.js';
import type { Authority } from '../../../kernel/access/authority.js';
import type { Json, JsonObject } from '../json.js';

/** A resource type: creates, updates and deletes resources through the service that owns them. */
export interface ResourceType {
  /** E.g. `AWS::Lambda::Function`. */
  readonly name: string;
  /** The schema of the properties; it is closed, so unknown properties are rejected. */
  readonly properties: TObject;
  /** Properties whose change requires a new resource ("Update requires: Replacement"). */
  readonly createOnly: readonly string[];
  /** Attributes for `Fn::GetAtt`; `Ref` is the physical id. */
  readonly attributes: readonly string[];
  /** True for the types whose properties are attributes, too, under the same names. */
  readonly propertiesAreAttributes?: true;
  /** The property for the stack's tags, and its format. */
  readonly tags?: { readonly property: string; readonly form: 'list' | 'map' };
  /** Attributes (or `Ref`) that an update in place changes; resources that reference them are updated too. */
  readonly changesOnUpdate?: readonly string[];
  /**
   * Set when every change creates a new physical resource beside the old one although CloudFormation calls it an update
   * in place (a job definition's revision). Returns whether to keep or delete the old one.
   */
  readonly revises?: (properties: JsonObject) => 'delete-old' | 'keep-old';

  /**
   * Returns the existing resource with the name in this request: it would make a creation fail, or a killed engine
   * created it.
   */
  find?(request: ResourceRequest): Promise<ResourceState | undefined>;
  /** For resources without unique names: returns JSON from which, after a crash, new resources can be recognized. */
  survey?(request: ResourceRequest): Promise<Json>;
  /** Returns the resource that was created since the survey. */
  adopt?(request: ResourceRequest, survey: Json): Promise<ResourceState | undefined>;

  create(request: ResourceRequest): Promise<ResourceState>;
  /**
   * Updates an existing resource to the properties of the request. Must be idempotent. Absent: every change replaces.
   */
  update?(request: ResourceRequest, existing: ExistingResource): Promise<ResourceState>;
  /** Succeeds if the resource is already gone. */
  delete(existing: ExistingResource, tools: ResourceTools): Promise<void>;
}

export interface ResourceState {
  readonly physicalId: string;
  readonly attributes: JsonObject;
}

export interface ExistingResource extends ResourceState {
  readonly properties: JsonObject;
}

/** The context that a handler can use. */
export interface ResourceTools {
  readonly partition: string;
  readonly region: string;
  readonly accountId: string;
  /** Calls an operation of a service; returns the output as an object. */
  call(service: string, operation: string, input: object): Promise<Readonly<Record<string, unknown>>>;
  /** The account's roles; absent in an engine without access control. */
  readonly iam?: Authority;
  /**
   * Requires a permission of whoever deploys the stack, for what no service of the engine does.
   *
   * @throws AwsError `AccessDenied`
   */
  require(permission: Permission): void;
}

/** A request for a resource. */
export interface ResourceRequest extends ResourceTools {
  readonly stackName: string;
  readonly logicalId: string;
  /** Already checked against the type's schema. */
  readonly properties: JsonObject;
  /** `<stack>-<logical id>-<random>`, the same for every retry of this creation. */
  generatedName(options?: { readonly maxLength?: number; readonly lowerCase?: boolean }): string;
}
