import { statesErrors } from '../errors.js';

// CreateStateMachine: white space, brackets, wildcards, special characters, control characters and surrogates may not be in names.
const forbidden = /[\s<>{}[\]?*"#%\\^|~`$&,;:/\p{Cc}\p{Cs}\ufffe\uffff]/u;

/** @throws AwsError InvalidName */
export function checkName(name: string): string {
  if (forbidden.test(name) || name.length > 80 || name === '') throw statesErrors.invalidName(name);
  return name;
}
