// Templates for the benchmarks.

/**
 * Ten steps: batch in full, scatter, nested scatter, subpipe, native Parallel, chooser, parallel chooser and their
 * blocks.
 */
const everyKind = (n) => `
  - align-${n}:
      image: "aligner:1.4.${n} +auth: registry-secret"
      task_role: arn:aws:iam::123456789012:role/aligner
      inputs:
        reads: reads/\${job.SAMPLE_ID}_${n}.fq
        "adapters?": s3://shared-data/adapters/${n}.fa
      references:
        genome: s3://shared-data/genomes/lambda-${n}.fa
      commands:
        - aligner --threads 4 --genome \${genome} \${reads} > aligned.sam
        - "echo aligned: \${job.SAMPLE_ID}"
        - samtools sort aligned.sam > \${sorted}
        - count-reads \${sorted} > qc-${n}.json
      outputs:
        sorted: sorted-${n}.bam
        log: "logs/${n}-*.log -> s3://log-archive/alignment/ +kind: log +keep: 30 days"
        report: {name: report-${n}.html, dest: "s3://reports/\${job.SAMPLE_ID}/", s3_tags: {public: true}}
      s3_tags: {stage: alignment}
      job_tags: {stage: alignment}
      skip_on_rerun: true
      compute: {cpus: 4, memory: 16 Gb, gpu: 0, spot: false, shell: bash, consumes: {licence: 2}}
      filesystems:
        - {efs_id: fs-12345678, host_path: /data, root_dir: /genomes}
      qc_check:
        qc_result_file: qc-${n}.json
        stop_early_if:
          - reads < 1000 or mapped / reads < 0.5
      retry: {attempts: 2, interval: 1m, backoff_rate: 2}
      timeout: 12h
  - each-${n}:
      scatter: {sample: "\${job.samples}"}
      inputs: {genome: genome-${n}.fa}
      max_concurrency: 50
      error_tolerance: 10%
      steps:
        - regions-${n}:
            scatter: {region: "regions/${n}/*.bed"}
            steps:
              - call-${n}:
                  image: caller:2.0.1
                  inputs: {bam: "\${scatter.sample}.bam", region: "\${scatter.region}"}
                  commands: |
                    call-variants --region \${region} \\
                      --sample \${scatter.sample} \${bam} > calls.vcf
                    bgzip -c calls.vcf > \${calls}
                  outputs: {calls: "\${scatter.sample}.vcf.gz"}
                  compute: {cpus: 2, memory: 4 Gb}
      outputs: {calls: "*.vcf.gz"}
  - report-${n}:
      subpipe: reporting
      job_data: report-${n}.json
      retrieve:
        - report.pdf -> \${job.SAMPLE_ID}-${n}.pdf
        - tables/all.csv
  - both-${n}:
      Type: Parallel
      Comment: what can be done at once
      Branches:
        - steps:
            - index-${n}:
                image: samtools:1.21
                inputs: {bam: sorted-${n}.bam}
                commands: ["samtools index \${bam}", "mv \${bam}.bai \${index}"]
                outputs: {index: sorted-${n}.bai}
  - decide-${n}:
      inputs: {qc: qc-${n}.json, counts: counts-${n}.json}
      choices:
        - {if: qc.passed and counts.reads > 1000, next: either-${n}}
        - {if: job.priority == "high", next: either-${n}}
  - either-${n}:
      inputs: {qc: qc-${n}.json}
      branches:
        - if: depth > 30 and any(s.name == "deep" for s in samples)
          steps:
            - deep-${n}:
                image: caller:2.0.1
                inputs: {bam: sorted-${n}.bam}
                commands: call-variants --deep \${bam} > \${deep}
                outputs: {deep: deep-${n}.vcf}
`;

/** Ten typical, short steps. A thousand of the other kind would not fit into a state machine. */
const common = (n) => `
  - trim-${n}:
      image: trimmer:0.39
      inputs: {reads: "reads/\${job.SAMPLE_ID}_${n}.fq"}
      commands: trim --quality 20 \${reads} > \${trimmed}
      outputs: {trimmed: trimmed-${n}.fq}
  - pause-${n}: {Type: Wait, Seconds: 10}
  - stats-${n}:
      image: stats:2.1
      inputs: {trimmed: trimmed-${n}.fq}
      # A table for people, and the same for the chooser below.
      commands:
        - stats \${trimmed} > \${table}
        - table-to-json \${table} > \${json}
      outputs: {table: stats-${n}.tsv, json: stats-${n}.json}
      compute: {cpus: 2, memory: 4 Gb}
  - fork-${n}:
      Type: Parallel
      Branches:
        - steps:
            - mark-${n}: {Type: Pass, Comment: nothing to do}
        - steps:
            - plot-${n}:
                image: plotter:3.3
                inputs: {table: stats-${n}.tsv}
                commands: plot \${table} > \${plot}
                outputs: {plot: plot-${n}.png}
  - check-${n}:
      inputs: {stats: stats-${n}.json}
      choices:
        - {if: reads < 1000 or q30 < 0.8, next: note-${n}}
  - summary-${n}: {subpipe: summaries}
  - tidy-${n}:
      image: stats:2.1
      inputs: {table: stats-${n}.tsv}
      commands: tidy \${table}
  - note-${n}: {Type: Pass, Comment: the next sample}
`;

/**
 * @param {number} steps a multiple of ten, including nested steps
 * @returns {string} a template with this many steps: alternately ten of every kind, and ten typical ones
 */
export function mixedTemplate(steps) {
  const groups = Array.from({ length: steps / 10 }, (_, index) => (index % 2 === 0 ? everyKind : common)(index + 1));
  return `Transform: BC2_Compiler
Repository: s3://\${Bucket}/bench/\${job.SAMPLE_ID}
Parameters:
  Bucket: {Type: String, Default: bench-data}
Options: {versioned: true, shell: bash, s3_tags: {project: bench}}
Steps:${groups.join('').replaceAll('\n\n', '\n')}`;
}

/**
 * @param {number} steps
 * @returns {string} a template with this many ordinary batch steps: two inputs, one reference, one output
 */
export function ordinaryTemplate(steps) {
  const step = (n) => `
  - step-${n}:
      image: aligner:1.4.2
      inputs: {reads: "reads-${n}.fq", adapters: "adapters-${n}.fa"}
      references: {genome: "s3://shared-data/genomes/lambda.fa"}
      commands: aligner --genome \${genome} --adapters \${adapters} \${reads} > \${bam}
      outputs: {bam: "aligned-${n}.bam"}`;
  return `Transform: BC2_Compiler
Repository: s3://bench-data/\${job.SAMPLE_ID}
Options: {versioned: true}
Steps:${Array.from({ length: steps }, (_, index) => step(index + 1)).join('')}
`;
}
