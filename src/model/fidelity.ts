/** Lines of a run's fidelity that differ from run to run, and do not make it another kind of run. */
const ofOneRun = [
  'Drilled on production, for this reason: ',
  'Of earlier drills, an ephemeral container that has ended is in: ',
];

export const productionLine = (reason: string): string => `${ofOneRun[0]}${reason}`;

/** @param pods their names */
export const endedContainersLine = (pods: readonly string[]): string =>
  `${ofOneRun[1]}${pods.join(', ')}. No API takes it out of its pod.`;

export const isOfOneRun = (line: string): boolean => ofOneRun.some((begin) => line.startsWith(begin));
