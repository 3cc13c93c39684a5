/** A job polls this key to see if it may continue: `released/<name of its execution>`. */
export const releaseBucket = 'model-data';
export const releaseKey = (executionName: string): string => `released/${executionName}`;

/**
 * A workflow whose jobs cost next to nothing: they wait a second, so that actions happen while they run, and continue
 * once they are released. Its one batch step never runs, but its job definition exists; the mark identifies its
 * deployment.
 */
export const markedTemplate = (mark: string): string => `
Transform: BC2_Compiler
Repository: s3://${releaseBucket}/\${job.id}
Options: {versioned: true}
Steps:
  - hold: {Type: Wait, Seconds: 1}
  - released:
      Type: Task
      Resource: arn:aws:states:::aws-sdk:s3:headObject
      Parameters:
        Bucket: ${releaseBucket}
        Key.$: States.Format('${releaseKey('{}')}', $.execution.name)
      Retry: [{ErrorEquals: [States.ALL], IntervalSeconds: 1, BackoffRate: 1, MaxAttempts: 600}]
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
