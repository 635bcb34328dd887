import type { V1EphemeralContainer, V1Pod } from '@kubernetes/client-node';
import type { Degradation } from '../../../model/facets.ts';

/** Of the queue that a narrow way has; what comes when it is full is lost. */
const queueMs = 200;
/** Enough for the largest packet of an interface that takes several at once. */
const burst = '32kb';

/** What ends it from inside of its container. */
export const endAgent = ['sh', '-c', 'kill -TERM 1'];
/** What shows whom it has hit. */
export const countAgent = ['sh', '-c', 'tc -s qdisc show; iptables -w -xvnL INPUT'];

/** A pod's marks of a run's agent. */
export const agentName = (runId: string): string => `tenfold-${runId.toLowerCase()}`;
export const isAgent = (name: string): boolean => name.startsWith('tenfold-');

/**
 * A shell script that degrades the network of its pod, for a bounded time or until SIGTERM, and takes that back. Where a command fails,
 * what came before it is taken back, and its last lines say why. What somebody else has set up there is left alone: only what was added is
 * taken back, so SIGTERM waits until it is known whether it was.
 */
export function agentScript(degradation: Degradation, lastsMs: number): string {
  const { lossRatio } = degradation;
  const lose =
    lossRatio === undefined ? undefined : `INPUT -m statistic --mode random --probability ${lossRatio} -j DROP`;
  return `
dev=$(while read -r name to rest; do if [ "$to" = 00000000 ]; then echo "$name"; break; fi; done </proc/net/route)
queued= losing= over=
back() {
  [ -z "$queued" ] || tc qdisc del dev "$dev" root 2>/dev/null
  ${lose === undefined ? ':' : `[ -z "$losing" ] || iptables -w -D ${lose} 2>/dev/null`}
}
must() { "$@" || { back; echo "failed: $*"; exit 1; }; }
trap 'over=yes' TERM
${queues(degradation)
  .map((queue) => `must tc qdisc add dev "$dev" ${queue}; queued=yes`)
  .join('\n')}
${lose === undefined ? '' : `must iptables -w -A ${lose}; losing=yes`}
trap 'back; exit 0' TERM
[ -z "$over" ] || { back; exit 0; }
sleep ${Math.ceil(lastsMs / 1000)} &
wait $!
back
exit 0
`;
}

/** What the pod sends is late, and then waits for its turn. */
function queues({ delayMs, jitterMs, bitsPerSecond }: Degradation): string[] {
  const narrow = `tbf rate ${bitsPerSecond}bit burst ${burst} latency ${queueMs}ms`;
  const late = `netem delay ${delayMs}ms${jitterMs === undefined ? '' : ` ${jitterMs}ms`} limit 10000`;
  if (delayMs === undefined) return bitsPerSecond === undefined ? [] : [`root handle 1: ${narrow}`];
  return [`root handle 1: ${late}`, ...(bitsPerSecond === undefined ? [] : [`parent 1: handle 2: ${narrow}`])];
}

/** May change the network of its pod, and nothing else. */
export const agentContainer = (
  name: string,
  image: string,
  script: string,
): Pick<V1EphemeralContainer, 'name' | 'image' | 'command' | 'securityContext' | 'terminationMessagePolicy'> => ({
  name,
  image,
  command: ['sh', '-c', script],
  terminationMessagePolicy: 'FallbackToLogsOnError',
  securityContext: {
    runAsUser: 0,
    runAsNonRoot: false,
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ['ALL'], add: ['NET_ADMIN'] },
  },
});

export const agentRuns = ({ status }: V1Pod, name: string): boolean =>
  status?.ephemeralContainerStatuses?.some((one) => one.name === name && one.state?.running) ?? false;

/** Why an agent has failed, or does not start, in words; undefined where it has not. */
export function agentTrouble({ status }: V1Pod, name: string): string | undefined {
  const all = [...(status?.ephemeralContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
  const { waiting, terminated } = all.find((one) => one.name === name)?.state ?? {};
  if (terminated !== undefined)
    return terminated.exitCode === 0 ? undefined : (inALine(terminated.message) ?? terminated.reason);
  return waiting?.message;
}

const inALine = (lines: string | undefined): string | undefined => lines?.trim().replaceAll(/\.?\n/g, ', ');

/** Whom it has hit, in words, by what its programs count; undefined while one of them has hit nobody. */
export function hitsIn(counted: string, { delayMs, lossRatio, bitsPerSecond }: Degradation): string | undefined {
  const number = (pattern: RegExp) => Number(pattern.exec(counted)?.[1] ?? 0);
  const counts = [
    ...(delayMs === undefined ? [] : [[number(/qdisc netem [^\n]*\n\s*Sent \d+ bytes (\d+) pkt/), 'late'] as const]),
    ...(bitsPerSecond === undefined
      ? []
      : [[number(/qdisc tbf [^\n]*\n[^\n]*overlimits (\d+)/), 'kept waiting'] as const]),
    ...(lossRatio === undefined ? [] : [[number(/^\s*(\d+)\s+\d+ DROP .*statistic/m), 'lost'] as const]),
  ];
  if (counts.some(([count]) => count === 0)) return undefined;
  return counts.map(([count, what]) => `${count} packets ${what}`).join(', ');
}
