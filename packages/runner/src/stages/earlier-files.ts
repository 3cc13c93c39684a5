import { controlFolder } from '@bclaw/spec/contract';
import { EarlierFiles, objectIn } from '@bclaw/spec/run-time';
import type { RunnerJob } from '../runner-job.js';
import type { ListedObject, ObjectStore } from '../storage/object-store.js';
import { readText } from '../storage/read-text.js';

/** Tells the files of earlier runs in the job's repository from this run's. */
export function earlierFilesOf(store: ObjectStore, job: RunnerJob): EarlierFiles {
  return new EarlierFiles(job, {
    head: (location) => store.head(location),
    async markers(repository) {
      const markers: ListedObject[] = [];
      const { bucket, key } = objectIn(repository, `${controlFolder}/`);
      for await (const object of store.list(bucket, key, 'folder'))
        if (object.key.endsWith('.complete')) markers.push(object);
      return Promise.all(
        markers.map(async ({ key: found, modified }) => ({
          text: (await readText(store, { bucket, key: found })) ?? '',
          modified,
        })),
      );
    },
  });
}
