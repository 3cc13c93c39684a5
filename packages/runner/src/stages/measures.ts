import { executionMetadata, type JobPhase, measureName, systemTag } from '@bclaw/spec/contract';
import { given } from '@bclaw/spec/given';
import { objectIn } from '@bclaw/spec/run-time';
import type { CommandUsage } from '../executors/usage.js';
import type { RunnerLog } from '../log.js';
import type { RunnerJob } from '../runner-job.js';
import type { Settings } from '../settings.js';
import type { ObjectStore } from '../storage/object-store.js';

/** Nobody waits longer for the measures of a job whose result is known. */
const longestWriteMs = 5_000;

/** Measures of one attempt, taken as it goes on. */
export class AttemptMeasures {
  readonly #startedAt = Date.now();
  readonly #began = performance.now();
  readonly #phaseMs: Partial<Record<JobPhase, number>> = {};
  usage: CommandUsage = {};
  inputBytes?: number;
  outputBytes?: number;
  imageDigest?: string;

  /** Times a part of the attempt, also when it fails. */
  async time<T>(phase: JobPhase, work: () => Promise<T>): Promise<T> {
    const began = performance.now();
    try {
      return await work();
    } finally {
      this.#phaseMs[phase] = Math.round(performance.now() - began);
    }
  }

  /** Leaves the measures for those who ask for a report: one empty object, all of it in its name. */
  async write(
    job: RunnerJob,
    exitCode: number,
    { store, settings, log }: { readonly store: ObjectStore; readonly settings: Settings; readonly log: RunnerLog },
  ): Promise<void> {
    const { execution, index, mainRepository } = job;
    const { stepName: step, jobId, attempt, limits } = settings;
    const name = measureName({
      execution: execution.name,
      ...{ step, index, jobId, attempt, exitCode },
      startedAt: this.#startedAt,
      totalMs: Math.round(performance.now() - this.#began),
      phaseMs: this.#phaseMs,
      ...this.usage,
      ...given({ inputBytes: this.inputBytes, outputBytes: this.outputBytes, imageDigest: this.imageDigest }),
      ...given({ cpus: limits.cpus, memoryMiB: limits.memoryMiB }),
    });
    try {
      const put = store.put(objectIn(mainRepository, name), '', {
        tags: { [systemTag.key]: systemTag.value },
        metadata: { [executionMetadata]: execution.name },
      });
      await Promise.race([put, late()]);
    } catch (error) {
      // The job's result does not depend on it, and who reads its log has other worries.
      const reason = error instanceof Error ? error.message : String(error);
      log.info(`A report will not tell what the job needed: ${reason}`, { stage: 'measures' });
    }
  }
}

function late(): Promise<never> {
  return new Promise((_resolve, reject) => {
    setTimeout(() => reject(new Error('S3 does not answer')), longestWriteMs).unref();
  });
}
