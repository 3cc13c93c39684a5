/** Node.js: a longer delay of a timer counts as 1 ms. */
const longestDelayMs = 2 ** 31 - 1;

/** Calls a function after any number of seconds. @returns a function that cancels it */
export function startTimer(seconds: number, run: () => void): () => void {
  const end = performance.now() + seconds * 1000;
  let timer: NodeJS.Timeout;
  const wait = () => {
    const left = end - performance.now();
    timer = setTimeout(left > longestDelayMs ? wait : run, Math.min(Math.max(left, 0), longestDelayMs));
  };
  wait();
  return () => clearTimeout(timer);
}
