const silent = () => undefined;

/** The settings that all of the runner's AWS clients share. */
export const awsClientSettings = {
  /** Jobs wait rather than fail when AWS throttles. */
  maxAttempts: 8,
  /** The SDK would write unprefixed warnings into the job's log; anything important is thrown as an error. */
  logger: { debug: silent, info: silent, warn: silent, error: silent },
} as const;
