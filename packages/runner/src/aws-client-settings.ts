const silent = () => undefined;

/** What all of the runner's AWS clients have in common. */
export const awsClientSettings = {
  /** Jobs wait rather than fail when AWS asks to slow down. */
  maxAttempts: 8,
  /** The SDK would write warnings into the job's log as nobody's lines; what matters comes as an error. */
  logger: { debug: silent, info: silent, warn: silent, error: silent },
} as const;
