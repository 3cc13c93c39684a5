import type { S3Client } from '@aws-sdk/client-s3';
import { controlFolder, jobDataName } from '@bclaw/spec/contract';
import {
  type DatedText,
  EarlierFiles,
  type FileHistory,
  objectIn,
  parseS3Uri,
  type RepositoryLocation,
  type StatePayload,
} from '@bclaw/spec/run-time';
import { headObject, listObjects, readText } from './objects.js';

/** A marker has the names of a step's files. */
const maxMarkerBytes = 64 * 1024 * 1024;

/** Tells the files of earlier runs in the job's repository from this run's. */
export function earlierFilesOf(s3: S3Client, { execution, repo, job_data }: StatePayload): EarlierFiles {
  const repository = { bucket: repo.bucket, key: repo.prefix };
  return new EarlierFiles({ execution, repository, jobData: parseS3Uri(job_data) ?? repository }, historyIn(s3));
}

/**
 * Tells the files of earlier runs in the repository of a subpipe from those of the execution that this job started.
 *
 * @param execution the state machine, and the name that the execution's own begins with
 */
export function earlierFilesOfSubpipe(
  s3: S3Client,
  { bucket, prefix }: RepositoryLocation,
  execution: { readonly state_machine: string; readonly name: string },
): EarlierFiles {
  const repository = { bucket, key: prefix };
  const { state_machine: arn, name } = execution;
  return new EarlierFiles(
    { execution: { arn, name }, isRedriven: true, repository, jobData: objectIn(repository, jobDataName) },
    historyIn(s3),
  );
}

function historyIn(s3: S3Client): FileHistory {
  return {
    head: async (location) => (await headObject(s3, location))?.origin,
    async markers(repository) {
      const markers: DatedText[] = [];
      const { bucket, key } = objectIn(repository, `${controlFolder}/`);
      for await (const objects of listObjects(s3, bucket, key, 'folder'))
        for (const { key: found, modified } of objects) {
          if (!found.endsWith('.complete')) continue;
          const read = await readText(s3, { bucket, key: found }, maxMarkerBytes);
          if (read.kind === 'text') markers.push({ text: read.text, modified });
        }
      return markers;
    },
  };
}
