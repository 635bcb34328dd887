import type { NodeView } from '../compute/node-record.ts';
import type { PodView } from '../compute/pod-record.ts';
import type { ClusterDescription } from '../database/types.ts';
import { edgeStatus } from '../edge/start.ts';
import { RegionError } from '../errors.ts';
import type { RegionDocument } from '../region-document.ts';
import { RegionPlace } from '../region-place.ts';

interface Status {
  nodes: NodeView[];
  pods: PodView[];
  database: ClusterDescription | null;
}

/** Prints the status of the region remembered in a folder. Throws RegionError when none is up. */
export async function status(options: { folder: string; json: boolean }): Promise<void> {
  const place = new RegionPlace(options.folder);
  const { living } = await place.find();
  const document = living && (await place.document());
  if (!document) {
    if (options.json) process.stdout.write(`${JSON.stringify({ up: false, starting: living !== null })}\n`);
    throw new RegionError(
      living ? 'The platform is still starting.' : 'No platform is up. Start one: npm run platform -- up',
    );
  }
  const answer = await fetch(`${document.control.url}/status`, { signal: AbortSignal.timeout(5_000) });
  const current = (await answer.json()) as Status;
  const edge = await edgeStatus(document.edge);
  if (options.json) process.stdout.write(`${JSON.stringify({ up: true, region: document, ...current, edge })}\n`);
  else
    process.stdout.write(describe(document, current, new Map(edge?.targets.map(({ name, health }) => [name, health]))));
}

function describe(document: RegionDocument, { nodes, pods, database }: Status, health: Map<string, string>): string {
  const members = database?.members ?? [];
  const lines = [
    `Shop      ${document.edge.url}, up since ${document.startedAt}`,
    ...(document.without.length > 0 ? [`Without   ${document.without.join(', ')}`] : []),
    ...nodes.map(({ name, capacity, ready }) => `Node      ${name}  ${capacity}, ${ready ? 'Ready' : 'NotReady'}`),
    ...pods.map(
      (pod) =>
        `Pod       ${pod.name} on ${pod.node}  ${pod.phase}, ${pod.ready ? 'ready' : 'not ready'}, ` +
        `${health.get(pod.name) ?? 'unknown'} at the edge, ${pod.restarts} restarts, CPU use ${inPercent(pod.cpuRatio)}`,
    ),
    ...members.map(
      ({ id, zone, role, status, port }) => `Database  ${id} in ${zone}  ${role}, ${status}, port ${port}`,
    ),
  ];
  return `${lines.join('\n')}\n`;
}

const inPercent = (ratio: number | null): string => (ratio === null ? 'unknown' : `${Math.round(ratio * 100)} %`);
