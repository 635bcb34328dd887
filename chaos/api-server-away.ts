import type { Fault } from '../src/model/fault.ts';
import { byMachines } from './api-server-away/by-machines.ts';

const kind = 'api-server-away';

/** The control plane of a cluster goes away; what runs goes on running, and nobody looks after it. @param options lastsMs: by the wall clock */
export const apiServerAway = ({ lastsMs }: { lastsMs: number }): Fault => ({
  kind,
  summary: `the API server of the cluster is away for ${lastsMs / 1000} s`,
  effects: [{ kind, startsAfterMs: 0, lasts: lastsMs }],
  hits: () => [{ kind: 'API server', which: 'all of it', count: 1, of: 1 }],
  takesFromOthers: 'the API server is away for everybody on the cluster',
  problems: () => [],
  ways: [byMachines({ kind, lastsMs })],
});
