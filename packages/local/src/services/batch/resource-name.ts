import { clientException } from './operation.js';

/** AWS Batch: up to 128 letters, digits, hyphens and underscores; a job's name begins with a letter or digit. */
export function checkName(name: string): void {
  if (!/^[A-Za-z0-9_-]{1,128}$/.test(name))
    throw clientException(`Provided name ${name} is not supported pattern[a-zA-Z_0-9-]{1,128}`);
}

export function checkJobName(name: string): void {
  if (!/^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/.test(name))
    throw clientException('Error executing request, Exception : Job name should match valid pattern');
}
