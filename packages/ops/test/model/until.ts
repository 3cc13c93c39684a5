/** Longer than a launcher that hangs takes to be given up (a minute), and to be tried again. */
const patienceMs = 150_000;

/** Asks until the answer is something. */
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
