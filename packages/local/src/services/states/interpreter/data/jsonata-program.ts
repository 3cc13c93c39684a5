import { randomUUID } from 'node:crypto';
import { isMainThread, Worker } from 'node:worker_threads';
import { evaluateHere } from './jsonata-evaluation.js';
import type { Evaluated, Evaluation } from './jsonata-evaluators.js';
import { QueryEvaluationError } from './state-error.js';

/*
 * The program that evaluates JSONata for the engine, one template after another. If it exceeds its limits on memory or
 * time, the engine kills it and starts another one. A watchdog thread ends it if the engine was killed (kill -9) while
 * an expression blocks the main thread from noticing.
 */

process.title = 'bclaw-jsonata';

/** Step Functions passes on 256 KiB; this leaves room for the items of a Map state. */
const maximumResult = 16 << 20;
const randomness = { random: Math.random, uuid: () => randomUUID() };

const watch = `
  const parent = process.ppid;
  setInterval(() => { if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL'); }, 1000);
`;
if (isMainThread) new Worker(watch, { eval: true }).unref();

async function evaluate({ template, location, data }: Evaluation): Promise<Evaluated> {
  try {
    const value = await evaluateHere(template, location, { ...data, randomness });
    if (JSON.stringify(value).length > maximumResult)
      return { location, cause: `The JSONata expressions of the field '${location}' gave more than 16 MiB.` };
    return { value };
  } catch (error) {
    if (error instanceof QueryEvaluationError) return { location: error.location ?? location, cause: error.cause };
    return { location, cause: error instanceof Error ? error.message : String(error) };
  }
}

process.on('message', (evaluation: Evaluation) => {
  void evaluate(evaluation).then((evaluated) => process.send?.(evaluated));
});
