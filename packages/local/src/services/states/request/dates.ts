/** Converts a time in a record to the date in a response. */
export const dateOf = (time: number | undefined) => (time === undefined ? undefined : new Date(time));
