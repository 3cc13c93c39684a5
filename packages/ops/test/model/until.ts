/** Longer than the timeout of a launcher that hangs (a minute) plus its retry. */
const patienceMs = 150_000;

/** Polls until there is a value. */
export async function until<T>(what: string | (() => string), ask: () => Promise<T | false>): Promise<T> {
  const deadline = Date.now() + patienceMs;
  for (let wait = 50; ; wait = Math.min(wait * 1.5, 400)) {
    const answer = await ask();
    if (answer !== false) return answer;
    if (Date.now() > deadline) {
      throw new Error(`${typeof what === 'string' ? what : what()}: not within ${patienceMs / 1000} s`);
    }
    await new Promise((resolve) => setTimeout(resolve, wait));
  }
}
