import { liveLine } from './live-line.ts';

const plainLineEverySeconds = 10;

/** Says on a stream what is being judged, from the first second on: a line that lives on a terminal, plain lines elsewhere. */
export async function whileJudging<T>(what: string, judging: Promise<T>, stream: NodeJS.WriteStream): Promise<T> {
  const live = liveLine(stream);
  let seconds = 0;
  const ticking = setInterval(() => {
    seconds += 1;
    const text = `judging ${what} (${seconds} s)`;
    if (live) live(text);
    else if (seconds % plainLineEverySeconds === 1) stream.write(`${text}\n`);
  }, 1_000);
  try {
    return await judging;
  } finally {
    clearInterval(ticking);
    live?.clear();
  }
}
