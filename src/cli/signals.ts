/** npm passes on a Ctrl+C that the terminal has sent to the program as well: signals this close together are one. */
const SAME_PRESS_MS = 500;

/** Calls back once for each time that somebody asks this process to stop; what it returns ends that. */
export function onStopSignals(asked: () => void): () => void {
  let last = Number.NEGATIVE_INFINITY;
  const heard = (): void => {
    const now = performance.now();
    if (now - last > SAME_PRESS_MS) asked();
    last = now;
  };
  process.on("SIGTERM", heard).on("SIGINT", heard);
  return () => void process.off("SIGTERM", heard).off("SIGINT", heard);
}
