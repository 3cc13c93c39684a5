import { AwsError } from '../../../wire/aws-error.js';

export type Answer = Readonly<Record<string, unknown>>;

/** Returns a string that the service's response always contains. */
export function answeredText(answer: Answer, member: string): string {
  const value = answer[member];
  if (typeof value !== 'string') throw new TypeError(`The service answered without ${member}.`);
  return value;
}

/** Returns the objects in a list of a response. */
export function answeredObjects(answer: Answer, member: string): readonly Answer[] {
  const value = answer[member];
  return Array.isArray(value) ? value.filter(isAnswer) : [];
}

/** Returns the object under a member of a response. */
export function answeredObject(answer: Answer, member: string): Answer {
  const value = answer[member];
  return isAnswer(value) ? value : {};
}

/**
 * Returns the service's response, or `undefined` if it fails with one of the codes, which mean that the resource does
 * not exist.
 */
export async function ifThere(answer: Promise<Answer>, ...codes: readonly string[]): Promise<Answer | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof AwsError && codes.includes(error.code)) return undefined;
    throw error;
  }
}

function isAnswer(value: unknown): value is Answer {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
