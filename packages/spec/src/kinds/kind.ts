import type { Static, TObject } from 'typebox';
import type { TemplatePath } from '../diagnostics.js';
import type { Step, StepKind } from '../model.js';
import type { NormaliseContext } from '../normalise/context.js';
import { flagOf } from '../normalise/scalars.js';
import { checkShape } from '../schema/check.js';
import { isMap, type PlainMap } from '../syntax/document.js';

/** What may stand in a field beside plain text. */
export type FieldUse =
  /** `${job.…}`, `${scatter.…}`, `${parent.…}`: replaced when a job runs. */
  | 'run-time'
  /** As `run-time`, and `${name}` of files and of the shell. */
  | 'commands'
  /** A condition. */
  | 'expression'
  /** Nothing: the value is fixed when the workflow is deployed. */
  | 'static'
  /** States Language: bclaw replaces nothing in it, and what looks like a reference may be the author's. */
  | 'native';

/** A step's name and place, and the step that follows it. */
export interface StepPosition {
  readonly name: string;
  readonly path: TemplatePath;
  readonly next?: string;
}

type Block = readonly Step[];
type StepOf<Kind extends StepKind> = Extract<Step, { kind: Kind }>;

/** All that the language knows of a kind of step; each kind is a file beside this one. */
interface KindDescription<Kind extends StepKind, Schema extends TObject> {
  readonly kind: Kind;
  /** The field that makes a step one of this kind. */
  readonly key: string;
  readonly schema: Schema;
  /** Fields that stand in for required ones that are missing or broken, so that the rest can still be checked. */
  readonly placeholder: PlainMap;
  /** Fields in which `null` means the default, as it does in BayerCLAW; `a.b` is a field of the map `a`. */
  readonly nullable?: readonly string[];
  /** How texts in a field are used, or those under a key inside it. In other fields nothing is replaced. */
  readonly uses: Readonly<Record<string, FieldUse | Readonly<Record<string, FieldUse>>>>;
  /** For a kind with fields beyond its schema: how their names look, and how all its other texts are used. */
  readonly otherFields?: { readonly names: RegExp; readonly use: FieldUse };
  /** Fills in every default and expands every shorthand. */
  readonly normalise: (source: Static<Schema>, position: StepPosition, context: NormaliseContext) => StepOf<Kind>;
  /** For a kind with steps inside. */
  readonly inside?: {
    readonly blocks: (step: StepOf<Kind>) => readonly Block[];
    readonly withBlocks: (step: StepOf<Kind>, change: (block: Block) => Block) => StepOf<Kind>;
  };
}

/** A kind of step, whichever it is. */
export interface StepKindDefinition
  extends Omit<KindDescription<StepKind, TObject>, 'normalise' | 'inside' | 'otherFields' | 'nullable'> {
  readonly otherFields: { readonly names: RegExp; readonly use: FieldUse } | undefined;
  /**
   * Checks a step's specification and makes the step of it.
   *
   * @param following the step after it in the order of its block
   * @returns undefined when the specification is too broken for that
   */
  normalise(
    specification: PlainMap,
    at: Omit<StepPosition, 'next'>,
    following: string | undefined,
    context: NormaliseContext,
  ): Step | undefined;
  /** The blocks directly inside a step. */
  blocks(step: Step): readonly Block[];
  /** The same step with other blocks directly inside it. */
  withBlocks(step: Step, change: (block: Block) => Block): Step;
}

/** A kind of step from all that differs between kinds. */
export function stepKind<Kind extends StepKind, Schema extends TObject>(
  description: KindDescription<Kind, Schema>,
): StepKindDefinition {
  const { kind, schema, placeholder, normalise, inside, otherFields, nullable = [] } = description;
  const isOfKind = (step: Step): step is StepOf<Kind> => step.kind === kind;
  return {
    ...description,
    otherFields,
    normalise(specification, { name, path }, following, context) {
      const given = withoutNulls(specification, nullable);
      const checked = checkShape<Schema>(schema, given, path, context.report, placeholder);
      if (checked?.sound !== true) context.incomplete.add(path);
      if (checked === undefined) return undefined;
      const next = nextOf(checked.value, otherFields !== undefined, following, path, context);
      return normalise(checked.value, next === undefined ? { name, path } : { name, path, next }, context);
    },
    blocks: (step) => (inside !== undefined && isOfKind(step) ? inside.blocks(step) : []),
    withBlocks: (step, change) => (inside !== undefined && isOfKind(step) ? inside.withBlocks(step, change) : step),
  };
}

/** @param names fields, as `nullable` has them, that are left out when they are null */
function withoutNulls(source: PlainMap, names: readonly string[]): PlainMap {
  let result = source;
  for (const name of names) {
    const [field = '', inner] = name.split('.', 2);
    const value = result[field];
    if (inner !== undefined && isMap(value) && value[inner] === null)
      result = { ...result, [field]: withoutNulls(value, [inner]) };
    else if (inner === undefined && value === null)
      result = Object.fromEntries(Object.entries(result).filter(([key]) => key !== field));
  }
  return result;
}

/**
 * The step that follows by `next`, `end` and the order of the block.
 *
 * @param isNative whether the States Language's own `Next` and `End` mean the same
 */
function nextOf(
  source: unknown,
  isNative: boolean,
  following: string | undefined,
  path: TemplatePath,
  { report }: NormaliseContext,
): string | undefined {
  const given: PlainMap = isMap(source) ? source : {};
  const field = (key: string, native: string): string => (isNative && given[key] === undefined ? native : key);
  const [nextKey, endKey] = [field('next', 'Next'), field('end', 'End')];
  const [next, end] = [given[nextKey], given[endKey]];
  const isFlag = typeof end === 'boolean' || typeof end === 'string';
  const ends = flagOf(isFlag ? end : undefined, false, { of: path, key: endKey }, report);
  if (ends && next !== undefined)
    report.error('exclusive-fields', [...path, endKey], `\`${nextKey}\` and \`${endKey}\` exclude each other.`, {
      hint: 'Keep one of them.',
      spot: 'key',
    });
  if (typeof next === 'string') return next;
  return ends ? undefined : following;
}
