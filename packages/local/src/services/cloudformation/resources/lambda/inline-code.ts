import { strToU8, zipSync } from 'fflate';

/** Creates the deployment package that CloudFormation makes from source text: a zip file with `index.js`. */
export function inlineCode(source: string): Uint8Array {
  // Equal sources must produce equal packages, so the timestamp is fixed (the zip format begins with 1980).
  return zipSync({ 'index.js': strToU8(source) }, { mtime: new Date(1980, 0, 1) });
}
