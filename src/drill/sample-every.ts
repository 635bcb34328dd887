/**
 * Takes a sample again and again until it is disposed of, one at a time: while one takes longer, the next is left out.
 * @param take throws nothing @param isOver whether it was disposed of meanwhile, so that its sample comes too late
 */
export function sampleEvery(everyMs: number, take: (isOver: () => boolean) => Promise<void>): Disposable {
  let isTaking = false;
  let over = false;
  const sample = async (): Promise<void> => {
    if (isTaking) return;
    isTaking = true;
    try {
      await take(() => over);
    } finally {
      isTaking = false;
    }
  };
  const timer = setInterval(() => void sample(), everyMs);
  return {
    [Symbol.dispose]() {
      over = true;
      clearInterval(timer);
    },
  };
}
