/** Every kind of step that needs no AWS Batch: a job's output shows its release. */
export const withoutBatch = `Transform: BC2_Compiler
Parameters: {Release: {Type: String}}
Repository: s3://results/\${job.id}
Options: {versioned: true}
Steps:
  - note:
      Type: Task
      Resource: arn:aws:states:::aws-sdk:s3:copyObject
      Parameters:
        Bucket: results
        CopySource: results/releases/\${Release}.txt
        Key.$: States.Format('{}/release.txt', $.repo.prefix)
  - decide:
      choices:
        - {if: job.wide == False, next: done}
  - wide:
      scatter: {letter: ['a', 'b', 'c']}
      steps:
        - copy:
            Type: Task
            Resource: arn:aws:states:::aws-sdk:s3:copyObject
            Parameters:
              Bucket: results
              CopySource: results/releases/\${Release}.txt
              Key.$: States.Format('{}/branch.txt', $.repo.prefix)
      outputs: {branches: branch.txt}
  - either:
      branches:
        - if: job.wide
          steps: [{first: {Type: Pass}}]
        - steps: [{second: {Type: Pass}}]
  - done:
      Type: Pass
`;

/** The same without versions: one state machine, which a deployment updates. */
export const unversioned = withoutBatch.replace('versioned: true', 'versioned: false');

/**
 * Calls another workflow. The list of gaps has what fails when that workflow has versions, or when files are fetched
 * from it.
 */
export const withSubpipe = (other: string, retrieve: readonly string[] = []) => `Transform: BC2_Compiler
Parameters: {Release: {Type: String}}
Repository: s3://results/outer/\${job.id}
Options: {versioned: true}
Steps:
  - inner:
      subpipe: ${other}
${retrieve.length === 0 ? '' : `      retrieve: ${JSON.stringify(retrieve)}\n`}`;

export const withBatch = `Transform: BC2_Compiler
Parameters: {Release: {Type: String}}
Repository: s3://results/\${job.id}
Options: {versioned: true}
Steps:
  - count:
      image: registry.example.org/tools:\${Release}
      inputs: {}
      commands: echo \${Release} > \${out}
      outputs: {out: out.txt}
      retry: {attempts: 0}
`;
