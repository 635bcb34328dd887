import type { Fault } from '../src/model/fault.ts';
import { byKubernetes } from './dns-down/by-kubernetes.ts';

const kind = 'dns-down';

/**
 * Nothing in the cluster answers names any more, whoever else uses the cluster.
 * @param options lastsMs: by the wall clock; left out: until the load has ended
 */
export const dnsDown = ({ lastsMs }: { lastsMs?: number } = {}): Fault => ({
  kind,
  summary: `names in the cluster are not answered${lastsMs === undefined ? '' : ` for ${lastsMs / 1000} s`}`,
  effects: [{ kind, startsAfterMs: 0, ...(lastsMs !== undefined && { lasts: lastsMs }) }],
  hits: () => [{ kind: 'name service', which: 'that of the whole cluster, for everybody on it', count: 1, of: 1 }],
  takesFromOthers: 'names are answered to nobody on the cluster',
  problems: ({ dnsKept }) => (dnsKept === undefined ? [] : [`${kind} cannot be done: ${dnsKept}`]),
  ways: [byKubernetes({ kind, lastsMs })],
});
