/** Quotes a text as one word of a POSIX shell (also bash and zsh). */
export const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** Quotes a text as one word of fish, where a backslash escapes inside single quotes. */
export const quotedForFish = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
