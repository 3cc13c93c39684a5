export const workflow = 'load';
export const dataBucket = 'load-data';
export const launcherBucket = 'bayerclaw2-launcher-123456789012';

/** Job data of the workflow. */
export interface JobData {
  readonly id: string;
  /** True when the job goes through the batch step. */
  readonly rare: boolean;
  /** The batch step waits until this file is removed; empty: it does not wait. */
  readonly hold: string;
}

/**
 * A release of a workflow that does next to nothing, so that the measured time is a job's way to its version. One job
 * in a hundred runs the batch step, which reports its release.
 */
export const template = (release: number): string => `Transform: BC2_Compiler
Repository: s3://${dataBucket}/\${job.id}
Options: {versioned: true}
Steps:
  - which:
      choices:
        - {if: job.rare, next: rare${release}}
  - done: {Type: Succeed}
  - rare${release}:
      image: registry.example.org/tool:${release}.0
      inputs: {}
      commands:
        - while [ -e "\${job.hold}" ]; do sleep 0.1; done
        - echo "release ${release}, version $BC_WORKFLOW_VERSION" > \${result}
      outputs: {result: result.txt}
`;
