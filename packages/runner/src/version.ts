/** Set when the program is bundled. */
declare const BCLAW_VERSION: string | undefined;

/** Version of bclaw; `0.0.0` when it runs from its sources. */
export const runnerVersion: string = typeof BCLAW_VERSION === 'string' ? BCLAW_VERSION : '0.0.0';
