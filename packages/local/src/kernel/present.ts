/**
 * Returns an object without its `undefined` members: in records, an absent member is left out.
 *
 * @example
 * ```ts
 * const record = { name, ...present({ description: input.Description }) };
 * ```
 */
export function present<T extends object>(members: T): Present<T>;
export function present(members: object): object {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}

type Present<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};
