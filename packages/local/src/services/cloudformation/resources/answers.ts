import { AwsError } from '../../../wire/aws-error.js';

export type Answer = Readonly<Record<string, unknown>>;

/** A text that the service always answers. */
export function answeredText(answer: Answer, member: string): string {
  const value = answer[member];
  if (typeof value !== 'string') throw new TypeError(`The service answered without ${member}.`);
  return value;
}

/** The objects in a list of an answer. */
export function answeredObjects(answer: Answer, member: string): readonly Answer[] {
  const value = answer[member];
  return Array.isArray(value) ? value.filter(isAnswer) : [];
}

/** The object under a member of an answer. */
export function answeredObject(answer: Answer, member: string): Answer {
  const value = answer[member];
  return isAnswer(value) ? value : {};
}

/** What the service answers, or `undefined` when it fails with one of the codes, which say that nothing is there. */
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
