/** A text as one word of a POSIX shell (bash and zsh, too). */
export const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** A text as one word of fish, where a backslash in single quotes escapes. */
export const quotedForFish = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
