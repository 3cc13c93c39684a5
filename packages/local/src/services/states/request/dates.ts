/** A time of a record as an answer has it. */
export const dateOf = (time: number | undefined) => (time === undefined ? undefined : new Date(time));
