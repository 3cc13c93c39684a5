import { sha256Hex } from '../canonical.js';
import { limits } from '../checks/limits.js';
import type { CoreEnvironment } from '../core-environment.js';
import { type CompiledJob, type Job, withUpload } from './job.js';
import { maxInlineBytes, stepParameter, type Upload, uploadOf } from './upload.js';

/** A batch step's job definition, and the parameter that its state must set if the definition is shared. */
export interface StepJob {
  readonly job: Job;
  /** For a shared job definition: the step's own `step` parameter. */
  readonly stepParameter?: string;
}

/** The jobs of a workflow's batch steps. */
export interface Jobs {
  readonly definitions: readonly Job[];
  readonly uploads: readonly Upload[];
  /** Jobs by step name. */
  readonly ofStep: ReadonlyMap<string, StepJob>;
}

/**
 * A stack's resources besides job definitions, generously rounded: 10 resources, and 64 KiB including the state
 * machine's definition.
 */
const otherResources = 20;
const otherBytes = 64 * 1024 + maxInlineBytes;
/** Bytes around each job in a template. */
const bytesAroundJob = 800;

/** Returns true if a stack has room for one job definition per step. */
function haveRoom(jobs: readonly CompiledJob[]): boolean {
  const bytes = jobs.reduce((sum, { job }) => sum + job.size + bytesAroundJob, otherBytes);
  return jobs.length + otherResources <= limits.stackResources.max && bytes <= limits.templateBody.max;
}

/**
 * Every step has its own job definition, unless the stack has no room for that many: then each step is stored in an
 * object, and steps whose definitions do not differ otherwise share one; their states name the object.
 */
export function arrangeJobs(compiled: readonly CompiledJob[], core: CoreEnvironment): Jobs {
  return haveRoom(compiled) ? ownJobs(compiled) : sharedJobs(compiled, core);
}

function ownJobs(compiled: readonly CompiledJob[]): Jobs {
  return {
    definitions: compiled.map(({ job }) => job),
    uploads: distinct(compiled.flatMap(({ upload }) => upload ?? [])),
    ofStep: new Map(compiled.map(({ job }) => [job.stepName, { job }])),
  };
}

function sharedJobs(compiled: readonly CompiledJob[], core: CoreEnvironment): Jobs {
  const groups = new Map<string, CompiledJob[]>();
  for (const one of compiled) {
    const key = one.job.frame.text;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [one]);
    else group.push(one);
  }
  const arranged = [...groups].map(([key, [first, ...others]]) =>
    first === undefined || others.length === 0
      ? ownJobs(first === undefined ? [] : [withUpload(first, core)])
      : shareOne(first.job, sha256Hex(key).slice(0, 8), [first, ...others], core),
  );
  return {
    definitions: arranged.flatMap(({ definitions }) => definitions),
    uploads: distinct(arranged.flatMap(({ uploads }) => uploads)),
    ofStep: new Map(arranged.flatMap(({ ofStep }) => [...ofStep])),
  };
}

function shareOne(like: Job, hash: string, users: readonly CompiledJob[], core: CoreEnvironment): Jobs {
  const job: Job = {
    ...like,
    stepName: '',
    logicalId: `Shared${hash}JobDefinition`,
    namePart: `shared-${hash}`,
    parameters: { ...like.parameters, step: '' },
    users: users.length,
  };
  const uploads = new Map(users.map(({ job, text }) => [job.stepName, uploadOf(text, sha256Hex(text), core)]));
  return {
    definitions: [job],
    uploads: [...uploads.values()],
    ofStep: new Map([...uploads].map(([name, upload]) => [name, { job, stepParameter: stepParameter(upload) }])),
  };
}

/** Removes duplicates: equal steps share an object. */
const distinct = (uploads: readonly Upload[]): readonly Upload[] => [
  ...new Map(uploads.map((upload) => [upload.key, upload])).values(),
];
