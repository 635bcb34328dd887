/** Calls back once when stdin ends, which it does when the process at its other end dies, however it dies. */
export function onOwnerGone(callback: () => void): void {
  process.stdin.once('end', callback);
  process.stdin.once('error', callback);
  process.stdin.resume();
}
