import type { CoreEnvironment } from '../core-environment.js';
import type { Behaviour } from '../definition.js';
import type { Deployment } from '../tags.js';

/** Everything that the resources of a workflow's stack are made from. */
export interface StackPlan {
  readonly behaviour: Behaviour;
  readonly core: CoreEnvironment;
  readonly deployment: Deployment;
  readonly versioned: boolean;
  /** Suffix of the logical ids of a version's own resources, see `idOfVersion`; empty without versions. */
  readonly idSuffix: string;
  /** SHA-256 of everything that determines the workflow's behaviour. */
  readonly digest: string;
}
