import type { Static, TObject } from 'typebox';
import type { TemplatePath } from '../diagnostics.js';
import type { Step, StepKind } from '../model.js';
import type { NormaliseContext } from '../normalise/context.js';
import { flagOf } from '../normalise/scalars.js';
import { checkShape } from '../schema/check.js';
import { isMap, type PlainMap } from '../syntax/document.js';

/** The references and expressions that a field may contain beside plain text. */
export type FieldUse =
  /** `${job.…}`, `${scatter.…}`, `${parent.…}`: replaced when a job runs. */
  | 'run-time'
  /** As `run-time`, plus `${name}` of files and of the shell. */
  | 'commands'
  /** A condition. */
  | 'expression'
  /** Nothing: the value is fixed when the workflow is deployed. */
  | 'static'
  /** States Language: bclaw replaces nothing in it, and a text that looks like a reference may be the author's own. */
  | 'native';

/** A step's name and place, and the step that follows it. */
export interface StepPosition {
  readonly name: string;
  readonly path: TemplatePath;
  readonly next?: string;
}

type Block = readonly Step[];
type StepOf<Kind extends StepKind> = Extract<Step, { kind: Kind }>;

/** Everything the language needs to know about a kind of step; each kind is a file in this folder. */
interface KindDescription<Kind extends StepKind, Schema extends TObject> {
  readonly kind: Kind;
  /** The field that determines the kind. */
  readonly key: string;
  readonly schema: Schema;
  /** Fields that stand in for required ones that are missing or broken, so that the rest can still be checked. */
  readonly placeholder: PlainMap;
  /** Fields in which `null` means the default, as it does in BayerCLAW; `a.b` is a field of the map `a`. */
  readonly nullable?: readonly string[];
  /** Uses of the texts in a field, or of those under a key inside it. In other fields nothing is replaced. */
  readonly uses: Readonly<Record<string, FieldUse | Readonly<Record<string, FieldUse>>>>;
  /** For a kind with fields beyond its schema: a pattern for their names, and the use of all other texts. */
  readonly otherFields?: { readonly names: RegExp; readonly use: FieldUse };
  /** Fills in every default and expands every shorthand. */
  readonly normalise: (source: Static<Schema>, position: StepPosition, context: NormaliseContext) => StepOf<Kind>;
  /** For a kind with steps inside. */
  readonly inside?: {
    readonly blocks: (step: StepOf<Kind>) => readonly Block[];
    readonly withBlocks: (step: StepOf<Kind>, change: (block: Block) => Block) => StepOf<Kind>;
  };
}

/** A kind of step, without its type parameters. */
export interface StepKindDefinition
  extends Omit<KindDescription<StepKind, TObject>, 'normalise' | 'inside' | 'otherFields' | 'nullable'> {
  readonly otherFields: { readonly names: RegExp; readonly use: FieldUse } | undefined;
  /**
   * Checks a step's specification and returns the normalised step.
   *
   * @param following the next step in the order of its block
   * @returns undefined when the specification is too broken
   */
  normalise(
    specification: PlainMap,
    at: Omit<StepPosition, 'next'>,
    following: string | undefined,
    context: NormaliseContext,
  ): Step | undefined;
  /** The blocks directly inside a step. */
  blocks(step: Step): readonly Block[];
  /** Returns the same step with other blocks directly inside it. */
  withBlocks(step: Step, change: (block: Block) => Block): Step;
}

/** Defines a kind of step by everything that differs between kinds. */
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

/** @param names fields, in the notation of `nullable`, that are omitted when they are null */
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
 * The next step, determined by `next`, `end` and the order of the block.
 *
 * @param isNative true when the States Language's own `Next` and `End` are accepted as well
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
