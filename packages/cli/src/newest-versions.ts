/** Some commands make calls to AWS for every version; a list of more versions than this is rarely read. */
const ofOneWorkflow = 20;

/** Commands about all workflows make those calls for the versions of each. */
const ofEachWorkflow = 5;

/** The number of versions that a command reads, as an option of operations: with `--all` every one. */
export const newestOnly = (
  workflow: string | undefined,
  { all }: { readonly all?: true | undefined },
): { readonly newest?: number } =>
  all === true ? {} : { newest: workflow === undefined ? ofEachWorkflow : ofOneWorkflow };

/** The subject of a sentence about versions that were not read. */
export const olderVersions = (count: number): string =>
  count === 1 ? '1 older version is' : `${count} older versions are`;
