import { statesErrors } from '../errors.js';

// CreateStateMachine: names must not contain white space, brackets, wildcards, special characters, control characters
// or surrogates.
const forbidden = /[\s<>{}[\]?*"#%\\^|~`$&,;:/\p{Cc}\p{Cs}\ufffe\uffff]/u;

/** @throws AwsError InvalidName */
export function checkName(name: string): string {
  if (forbidden.test(name) || name.length > 80 || name === '') throw statesErrors.invalidName(name);
  return name;
}
