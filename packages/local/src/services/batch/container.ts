import type {
  ContainerOverrides,
  ContainerProperties,
  JobDefinitionRecord,
  JobRecord,
  NameValue,
  ResourceRequirement,
} from './model.js';
import { substituteParameters } from './parameters.js';

/** Container of a job: the definition's properties, merged with the submission's overrides and parameters. */
export interface ResolvedContainer {
  readonly image: string;
  readonly command: readonly string[];
  readonly environment: readonly NameValue[];
  readonly resourceRequirements: readonly ResourceRequirement[];
  readonly vcpus: number;
  readonly memoryMiB: number;
  /** 0 without a GPU requirement. */
  readonly gpus: number;
  /** The definition's other properties, as recorded. */
  readonly properties: ContainerProperties;
}

/** Default resources of a job that requests none. On AWS Batch the caller must set them. */
const defaultVcpus = 1;
const defaultMemoryMiB = 1024;

/** A job's command with its parameters inserted: the job's own command and values win over the definition's. */
export function commandOf(
  definition: Pick<JobDefinitionRecord, 'containerProperties' | 'parameters'>,
  job: { readonly containerOverrides?: ContainerOverrides; readonly parameters?: Readonly<Record<string, string>> },
): readonly string[] {
  return substituteParameters(job.containerOverrides?.command ?? definition.containerProperties.command ?? [], {
    ...definition.parameters,
    ...job.parameters,
  });
}

/** Builds the container to run: overrides win over the definition, by name for variables and by type for resources. */
export function resolveContainer(definition: JobDefinitionRecord, job: JobRecord): ResolvedContainer {
  const properties = definition.containerProperties;
  const overrides = job.containerOverrides;
  const resourceRequirements = mergeBy(
    (requirement: ResourceRequirement) => requirement.type,
    requirementsOf(properties),
    requirementsOf(overrides),
  );
  const amount = (type: string) => {
    const text = resourceRequirements.find((requirement) => requirement.type === type)?.value;
    return text === undefined ? undefined : Number(text);
  };
  return {
    image: properties.image ?? '',
    command: commandOf(definition, job),
    environment: mergeBy(
      (variable: NameValue) => variable.name ?? '',
      properties.environment ?? [],
      overrides.environment ?? [],
    ),
    resourceRequirements,
    vcpus: amount('VCPU') ?? defaultVcpus,
    memoryMiB: amount('MEMORY') ?? defaultMemoryMiB,
    gpus: amount('GPU') ?? 0,
    properties,
  };
}

/** `vcpus` and `memory` are the older form of the requirements; as in AWS, the new form wins. */
function requirementsOf(container: ContainerProperties | ContainerOverrides): readonly ResourceRequirement[] {
  const old: ResourceRequirement[] = [];
  if (container.vcpus !== undefined) old.push({ type: 'VCPU', value: String(container.vcpus) });
  if (container.memory !== undefined) old.push({ type: 'MEMORY', value: String(container.memory) });
  return mergeBy((requirement) => requirement.type, old, container.resourceRequirements ?? []);
}

function mergeBy<T>(keyOf: (item: T) => string, base: readonly T[], onTop: readonly T[]): readonly T[] {
  return [...new Map([...base, ...onTop].map((item) => [keyOf(item), item])).values()];
}
