import type { Output } from '@bclaw/spec';
import { inKeyOrder } from '../canonical.js';

/** The last segment of a path. */
const baseName = (file: string): string => file.slice(file.lastIndexOf('/') + 1);

/**
 * The outputs of the previous step, for a step without `inputs`: name → file in the repository, or the full URI of an
 * output with its own destination. The runner uploads an output under its base name.
 */
export function previousOutputs(outputs: Readonly<Record<string, Output>>): Readonly<Record<string, string>> {
  return inKeyOrder(
    Object.fromEntries(
      Object.entries(outputs).map(([name, output]) => [
        name,
        output.dest === undefined
          ? baseName(output.file)
          : `${output.dest.replace(/\/*$/, '/')}${baseName(output.file)}`,
      ]),
    ),
  );
}
