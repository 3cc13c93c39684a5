import { controlFolder } from '@bclaw/spec/contract';
import { EarlierFiles, objectIn } from '@bclaw/spec/run-time';
import type { RunnerJob } from '../runner-job.js';
import type { ObjectStore } from '../storage/object-store.js';
import { readText } from '../storage/read-text.js';

/** Tells the files of earlier runs in the job's repository from this run's. */
export function earlierFilesOf(store: ObjectStore, job: RunnerJob): EarlierFiles {
  return new EarlierFiles(job, {
    head: (location) => store.head(location),
    async markers(repository) {
      const keys: string[] = [];
      const { bucket, key } = objectIn(repository, `${controlFolder}/`);
      for await (const { key: found } of store.list(bucket, key, 'folder'))
        if (found.endsWith('.complete')) keys.push(found);
      const texts = await Promise.all(keys.map((found) => readText(store, { bucket, key: found })));
      return texts.filter((text) => text !== undefined);
    },
  });
}
