#!/usr/bin/env bash
# The example variant-calling without bclaw: the same tools on the same data, one after the other. Usage: by-hand.sh <data>
# (absolute); writes variants.tsv, summary.tsv and merged.txt (the merged calls without their header) here.
set -euo pipefail
data=$1

bowtie2-build --quiet "$data/lambda_virus.fa" lambda_virus
for sample in sample-1 sample-2 sample-3 sample-4; do
  bowtie2 -x lambda_virus -1 "$data/${sample}_1.fq.gz" -2 "$data/${sample}_2.fq.gz" \
    --rg-id $sample --rg SM:$sample -S $sample.sam
  samtools sort -o $sample.bam $sample.sam
  bcftools mpileup --no-version -f "$data/lambda_virus.fa" $sample.bam |
    bcftools call --no-version -mv --ploidy 1 -Oz -o $sample.vcf.gz
  bcftools index $sample.vcf.gz
done
bcftools merge --no-version sample-?.vcf.gz -Oz -o merged.vcf.gz
bcftools query -H -f '%POS\t%REF\t%ALT[\t%GT]\n' merged.vcf.gz > variants.tsv
bcftools stats merged.vcf.gz | awk -F '\t' '/^SN/ && $4 > 0 { sub(/:$/, "", $3); print $3 "\t" $4 }' > summary.tsv
bcftools view -H merged.vcf.gz > merged.txt
