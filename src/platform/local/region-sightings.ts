import type { PlatformEvent } from '../../model/facets.ts';
import type { Sighting } from '../../model/sightings.ts';

/** What a pocket region's events tell of its replicas: it has no images and no EndpointSlices, and keeps the start of a pod to itself. */
export const regionSightings = (events: readonly PlatformEvent[]): Sighting[] => events.flatMap(sightingsIn);

const silence = /^(?<node>\S+) NotReady: no heartbeat for (?<ms>\d+) ms/;
const removal = /^(?<pod>\S+) removed from (?<node>\S+):/;
const assignment = /^(?<pod>\S+) assigned to (?<node>\S+)$/;
const readiness = /^(?<pod>\S+) on (?<node>\S+) ready$/;

function sightingsIn({ atMs, message }: PlatformEvent): Sighting[] {
  const step = (
    step: Sighting['step'],
    { node = '', pod = node }: Record<string, string>,
    atThenMs = atMs,
  ): Sighting => ({
    atMs: atThenMs,
    step,
    of: pod,
    node,
    source: 'event of the region',
    toldMs: atThenMs,
  });
  const said = (words: RegExp) => words.exec(message)?.groups;
  const [silent, removed, assigned, ready] = [said(silence), said(removal), said(assignment), said(readiness)];
  if (silent) return [step('silent', silent, atMs - Number(silent.ms)), step('not-ready', silent)];
  if (removed) return [step('evicted', removed)];
  if (assigned) return [step('created', assigned), step('scheduled', assigned)];
  return ready ? [step('ready', ready)] : [];
}
