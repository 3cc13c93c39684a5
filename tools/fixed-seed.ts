import fc from 'fast-check';

/**
 * Seed of every property test that sets none itself: two runs of the tests try the same cases, so a failure concerns the change
 * that was made. `BCLAW_SEED` tries others; `npm run test:soak` does.
 */
fc.configureGlobal({ seed: Number(process.env['BCLAW_SEED'] ?? 20261129) });
