import { seedTemplate } from './the-seed.js';

/** The parameters of one release of the workflow. */
export interface Release {
  /** Its last step, which copies the result of `count`. */
  readonly lastStep: 'report' | 'summary';
  readonly versioned?: boolean;
  /** Image without its tag. Default: the tag is the template's parameter. */
  readonly image?: string;
}

const parameters = `
Parameters:
  myBucket: {Type: String, Default: my-data}
  ImageTag: {Type: String, Default: '1.0'}
`;

/**
 * The seed's template, verbatim, with steps in place of `# etc...` and the parameters that both use. A job waits in its
 * first step as long as the file that its job data names as HOLD exists.
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
