/** npm forwards a Ctrl+C that the terminal also sends to the program: signals this close together count as one. */
const SAME_PRESS_MS = 500;

/** Calls `onStop` for each request to stop this process. Returns a function that removes the listener. */
export function onStopSignals(onStop: () => void): () => void {
  let last = Number.NEGATIVE_INFINITY;
  const onSignal = (): void => {
    const now = performance.now();
    if (now - last > SAME_PRESS_MS) onStop();
    last = now;
  };
  process.on("SIGTERM", onSignal).on("SIGINT", onSignal);
  return () => void process.off("SIGTERM", onSignal).off("SIGINT", onSignal);
}
