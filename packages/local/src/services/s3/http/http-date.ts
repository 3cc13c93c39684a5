/** RFC 1123, as in `Last-Modified`: whole seconds, GMT. @param milliseconds since 1970 */
export const httpDate = (milliseconds: number): string => new Date(milliseconds).toUTCString();

/** ISO 8601 as S3 writes it in XML: always `.000Z`, as S3 stores whole seconds. */
export const xmlDate = (date: Date): string => `${date.toISOString().slice(0, 19)}.000Z`;
