import { strToU8, zipSync } from 'fflate';

/** Source text as the deployment package that CloudFormation makes of it: a zip file with `index.js`. */
export function inlineCode(source: string): Uint8Array {
  // Equal sources must give equal packages, so the time of day is kept out (the zip format begins with 1980).
  return zipSync({ 'index.js': strToU8(source) }, { mtime: new Date(1980, 0, 1) });
}
