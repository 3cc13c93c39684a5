/** A Lambda handler that is created on demand. */
export interface Handler<Result> {
  (event: unknown): Promise<Result>;
  /** Creates it now, so that the first call is faster. */
  readonly prepare: () => Promise<void>;
}

/**
 * A handler whose code is loaded by its first call, or earlier by {@link Handler.prepare}.
 *
 * @param make loads the code and creates the handler; called once, and again after a failure
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
