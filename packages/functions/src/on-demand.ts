/** A Lambda handler that is made when it is needed. */
export interface Handler<Result> {
  (event: unknown): Promise<Result>;
  /** Makes it now, so that the first call need not. */
  readonly prepare: () => Promise<void>;
}

/**
 * A handler whose code is loaded by its first call, or before that by {@link Handler.prepare}.
 *
 * @param make loads the code and makes the handler; called once, and again after a failure
 */
export function onDemand<Result>(make: () => Promise<(event: unknown) => Promise<Result>>): Handler<Result> {
  let made: Promise<(event: unknown) => Promise<Result>> | undefined;
  const get = () => {
    made ??= make().catch((error: unknown) => {
      made = undefined;
      throw error;
    });
    return made;
  };
  return Object.assign(async (event: unknown) => (await get())(event), {
    prepare: async () => {
      await get();
    },
  });
}
