/**
 * A workflow whose jobs cost next to nothing: they wait a second, so that things happen while they run. Its one batch step
 * never runs, but its job definition is there; the mark tells which deployment it is from.
 */
export const markedTemplate = (mark: string): string => `
Transform: BC2_Compiler
Repository: s3://model-data/\${job.id}
Options: {versioned: true}
Steps:
  - hold: {Type: Wait, Seconds: 1}
  - mark-${mark}:
      Type: Parallel
      Branches:
        - steps:
            - nothing: {Type: Pass}
      Catch:
        - ErrorEquals: [States.ALL]
          Next: work
      end: true
  - work:
      image: public.ecr.aws/docker/library/debian:12.11-slim
      inputs: {}
      commands: echo ${mark}
      outputs: {}
`;
