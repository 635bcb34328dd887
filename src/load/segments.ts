/** One of several processes that share a schedule. */
export interface Worker {
  /** From 0. */
  index: number;
  count: number;
}

/** Its share of the schedule, cut as all its fellows cut it; and its name, which goes with each sample. */
export function segmentOf({ index, count }: Worker): string[] {
  const cuts = Array.from({ length: count + 1 }, (_, cut) => (cut === count ? '1' : `${cut}/${count}`));
  return [
    `--execution-segment=${cuts[index]}:${cuts[index + 1]}`,
    `--execution-segment-sequence=${cuts.join(',')}`,
    `--tag=worker=${index + 1}`,
  ];
}
