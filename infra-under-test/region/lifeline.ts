/** Calls back once when stdin ends, as it does whenever the process at its other end dies. */
export function onOwnerGone(callback: () => void): void {
  process.stdin.once('end', callback);
  process.stdin.once('error', callback);
  process.stdin.resume();
}
