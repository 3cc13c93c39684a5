import { seedTemplate } from './the-seed.js';

/** What one release of the workflow is. */
export interface Release {
  /** Its last step, which copies what `count` found. */
  readonly lastStep: 'report' | 'summary';
  readonly versioned?: boolean;
  /** Without its tag. Default: the tag is the template's parameter. */
  readonly image?: string;
}

const parameters = `
Parameters:
  myBucket: {Type: String, Default: my-data}
  ImageTag: {Type: String, Default: '1.0'}
`;

/**
 * The seed's template, word for word, with steps where it says `# etc...` and the parameters that it and they use. A job waits
 * in its first step as long as the file that its job data call HOLD is there.
 */
export function template({
  lastStep,
  versioned = true,
  image = 'registry.example.org/tools:${ImageTag}',
}: Release): string {
  const steps = `- count:
      image: ${image}
      inputs: {reads: 's3://\${myBucket}/reads/reads.txt'}
      commands:
        - while [ -e "\${job.HOLD}" ]; do sleep 0.1; done
        - wc -l < \${reads} > \${lines}
      outputs: {lines: lines.txt}
  - ${lastStep}:
      image: ${image}
      inputs: {lines: lines.txt}
      commands:
        - echo "${lastStep} of $(cat \${lines}) lines, tag \${ImageTag}, version $BC_WORKFLOW_VERSION" > \${result}
      outputs: {result: result.txt}
`;
  return seedTemplate
    .replace('\n\n', `\n${parameters}\n`)
    .replace('versioned: true', `versioned: ${versioned}`)
    .replace('# etc...\n', steps);
}
