#!/usr/bin/env bash
# Makes data/ from the examples of Debian's package bowtie2-examples: the genome of phage lambda, and its 10,000 simulated pairs
# of reads as four samples of 2,500 pairs.
set -euo pipefail
examples=/usr/share/doc/bowtie2/examples
mkdir -p data
zcat "$examples/reference/lambda_virus.fa.gz" > data/lambda_virus.fa
for mate in 1 2; do
  zcat "$examples/reads/reads_$mate.fq.gz" |
    split --lines 10000 --numeric-suffixes=1 --suffix-length=1 --filter='gzip -n > "$FILE"_'$mate.fq.gz - data/sample-
done
{
  echo sample,r1,r2
  for sample in sample-1 sample-2 sample-3 sample-4; do
    echo "$sample,s3://phage-variants/data/${sample}_1.fq.gz,s3://phage-variants/data/${sample}_2.fq.gz"
  done
} > data/samples.csv
