import type { ChaosMeshObject } from '../../src/model/facets.ts';
import { goDuration } from './duration.ts';

/** The containers that a StressChaos is for, and for how long. */
export interface Stressed {
  namespace: string;
  pods: readonly string[];
  containerNames: readonly string[];
  lastsMs: number;
}

/** The object by which Chaos Mesh takes CPU or memory in containers of pods. */
export const stressChaos = (
  { namespace, pods, containerNames, lastsMs }: Stressed,
  stressors: object,
): ChaosMeshObject => ({
  kind: 'StressChaos',
  spec: {
    mode: 'all',
    selector: { pods: { [namespace]: pods } },
    containerNames,
    stressors,
    duration: goDuration(lastsMs),
  },
});
