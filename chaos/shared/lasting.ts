const shortestMs = 1_000;
const longestMs = 3_600_000;

/** A problem, in words, of how long a fault is to last by the wall clock. */
export const lastingProblems = (kind: string, lastsMs: number): string[] =>
  Number.isInteger(lastsMs) && lastsMs >= shortestMs && lastsMs <= longestMs
    ? []
    : [`${kind} lasts from a second to an hour: ${lastsMs} ms is neither`];
