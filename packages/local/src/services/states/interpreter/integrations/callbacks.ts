import type { Json } from '../data/json.js';
import { StateError } from '../data/state-error.js';

interface Waiting {
  resolve(output: Json): void;
  reject(error: StateError): void;
  beat(): void;
}

/** The Tasks that wait for their token to be returned (`.waitForTaskToken`). */
export class Callbacks {
  readonly #waiting = new Map<string, Waiting>();

  wait(token: string, signal: AbortSignal, beat: () => void): Promise<Json> {
    return new Promise((resolve, reject) => {
      const settle =
        <T>(then: (value: T) => void) =>
        (value: T) => {
          this.#waiting.delete(token);
          signal.removeEventListener('abort', stop);
          then(value);
        };
      const stop = () => settle(reject)(signal.reason);
      if (signal.aborted) {
        reject(signal.reason);
        return;
      }
      signal.addEventListener('abort', stop, { once: true });
      this.#waiting.set(token, { resolve: settle(resolve), reject: settle(reject), beat });
    });
  }

  /** @returns false when no Task waits for that token */
  succeed(token: string, output: Json): boolean {
    const waiting = this.#waiting.get(token);
    waiting?.resolve(output);
    return waiting !== undefined;
  }

  fail(token: string, error: string | undefined, cause: string | undefined): boolean {
    const waiting = this.#waiting.get(token);
    waiting?.reject(new StateError(error, cause));
    return waiting !== undefined;
  }

  beat(token: string): boolean {
    const waiting = this.#waiting.get(token);
    waiting?.beat();
    return waiting !== undefined;
  }
}
