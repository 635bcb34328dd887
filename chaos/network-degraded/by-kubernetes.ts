import type { Way } from '../../src/model/fault.ts';
import { execRights } from '../../src/platform/kubernetes/exec-rights.ts';
import type { DegradedPods } from '../network-degraded.ts';
import { apiChange } from '../shared/api-change.ts';
import { choosePods } from '../shared/strike-pods.ts';

/**
 * An ephemeral container in each pod that may change its network: `tc netem` delays, `tc tbf` narrows what the pod sends, and `iptables`
 * loses some of what comes to it. Rehearsed on the pods' nodes by pods of its own. Proven by what these programs count.
 */
export const byKubernetes = ({ kind, howMany, degradation, lastsMs }: DegradedPods): Way => {
  const inWords = (problem: string) => `${kind} cannot be done: ${problem}`;
  return apiChange({
    kind,
    requires: ['node-inventory', 'traffic-shaping'],
    undo:
      'the ephemeral containers have the network as before and end, and the drill waits until the platform is healthy; without tenfold ' +
      'they do it by themselves after their time. No API takes them out of their pods: they stay there, ended, until the pods go',
    rights: [
      'get pods',
      'patch pods/ephemeralcontainers',
      ...execRights,
      // For the rehearsal, in a namespace of its own.
      'get namespaces',
      'create namespaces',
      'delete namespaces',
      ...['list', 'patch', 'create', 'deletecollection'].map((verb) => `${verb} pods in *`),
      'list events in *',
    ],
    lasts: lastsMs,
    async aim(on, runId) {
      const { pods, problems } = await choosePods({ kind, howMany }, on);
      if (problems.length > 0) return { problems };
      const names = pods.map(({ name }) => name);
      const change = await on.shaping.degrade(names, { degradation, runId, lastsMs });
      return typeof change === 'string' ? { problems: [inWords(change)] } : { change };
    },
    async rehearse({ on, runId, willChange, signal }) {
      const { pods } = await choosePods({ kind, howMany }, on);
      const names = pods.map(({ name }) => name);
      return (await on.shaping.rehearse(names, { degradation, runId, willChange, signal })).map(inWords);
    },
  });
};
