import { S3Client } from '@aws-sdk/client-s3';
import { parseCoreEnvironment } from '@bclaw/compiler';
import { createImageResolver } from '@bclaw/images';
import { createMacro } from './macro.js';

/** The macro's function; the core stack's template sets `BC_CORE` and `BCLAW_VERSION`. */
export const handler = createMacro({
  s3: new S3Client(),
  core: parseCoreEnvironment(process.env['BC_CORE'] ?? ''),
  bclawVersion: process.env['BCLAW_VERSION'] ?? '',
  images: createImageResolver(),
});
