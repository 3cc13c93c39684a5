import type { NativeStep, StatePayload } from '@bclaw/spec';
import { deeplyInKeyOrder, inKeyOrder } from '../canonical.js';
import { transition } from '../states-language.js';
import { compileNested } from './block.js';
import type { NamedState, Scope } from './scope.js';

type Fields = Readonly<Record<string, unknown>>;

/**
 * A native step is the state that it contains. The steps after it need the payload unchanged, so every field with which
 * a state could replace it is set here; the States Language has different names for these fields in each of its query
 * languages.
 */
export function compileNativeStep(step: NativeStep, scope: Scope): readonly NamedState[] {
  const written = step.fields['QueryLanguage'] === 'JSONata' ? jsonataFields(step) : jsonPathFields(step);
  const fields = sortedFields(written);
  return [[step.name, step.type === 'Parallel' ? parallel(step, fields, scope) : leaf(step.type, step, fields)]];
}

function leaf(type: Exclude<NativeStep['type'], 'Parallel'>, step: NativeStep, fields: Fields) {
  const ends = type === 'Succeed' || type === 'Fail';
  return { ...fields, Type: type, ...(ends ? {} : transition(step.next)) };
}

function parallel(step: NativeStep, fields: Fields, scope: Scope) {
  return {
    ...fields,
    Type: 'Parallel' as const,
    Branches: step.branches.map((steps) => compileNested(steps, scope)),
    ...transition(step.next),
  };
}

function jsonPathFields({ type, fields }: NativeStep): Fields {
  switch (type) {
    case 'Fail':
      return fields;
    case 'Succeed': {
      // `$` is its default, and cfn-lint accepts no other value.
      const { OutputPath: _, ...others } = fields;
      return others;
    }
    case 'Wait':
      return { ...withoutInputPath(fields), OutputPath: '$' };
    case 'Pass':
    case 'Task':
    case 'Parallel':
      return {
        ...fields,
        ...catchers(fields, (catcher) => ({ ...catcher, ResultPath: errorPath(catcher['ResultPath']) })),
        ResultPath: null,
        OutputPath: '$',
      };
    default:
      return type satisfies never;
  }
}

/**
 * A Wait's `InputPath` becomes its output, so it is removed, and paths relative to it are rewritten relative to the
 * payload.
 */
function withoutInputPath(fields: Fields): Fields {
  const { InputPath: from, ...others } = fields;
  if (typeof from !== 'string') return others;
  return Object.fromEntries(
    Object.entries(others).map(([field, value]) =>
      (field === 'SecondsPath' || field === 'TimestampPath') && typeof value === 'string'
        ? [field, value.replace(/^\$(?!\$)/, () => from)]
        : [field, value],
    ),
  );
}

function jsonataFields({ type, fields }: NativeStep): Fields {
  if (type === 'Fail') return fields;
  const { ResultPath: _result, OutputPath: _output, ...others } = fields;
  const Output = '{% $states.input %}';
  return { ...others, ...catchers(fields, (catcher) => ({ ...catcher, Output })), Output };
}

const sortedFields = (fields: Fields): Fields =>
  inKeyOrder(Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, deeplyInKeyOrder(value)])));

function catchers({ Catch: given }: Fields, change: (catcher: Fields) => Fields): Fields {
  if (!Array.isArray(given)) return {};
  return { Catch: given.map((catcher: unknown) => (isFields(catcher) ? change(catcher) : catcher)) };
}

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const payloadKeys: Readonly<Record<keyof StatePayload, true>> = {
  index: true,
  execution: true,
  job_file: true,
  job_data: true,
  repo: true,
  prev_outputs: true,
  scatter: true,
  parent: true,
  share_id: true,
  job_tag: true,
};

/** The path at which a catcher may store the error: a separate place in the payload; otherwise the error is dropped. */
function errorPath(path: unknown): string | null {
  const key = typeof path === 'string' ? /^\$\.(?<key>[A-Za-z_][A-Za-z0-9_]*)/.exec(path)?.groups?.['key'] : undefined;
  return typeof path === 'string' && key !== undefined && !Object.hasOwn(payloadKeys, key) ? path : null;
}
