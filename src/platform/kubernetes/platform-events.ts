import type { PlatformEvent } from '../../model/facets.ts';
import { nowMs } from '../../runtime/clock.ts';
import type { CnpgWatch } from './cnpg-database.ts';
import { nodeIsReady } from './objects.ts';
import type { Watched } from './watched.ts';
import type { Watches } from './watches.ts';

/** Events of the namespace, and what has no event of its own, by when they arrived here: their own times have whole seconds. */
export function recordEvents(watches: Watches, cnpg: CnpgWatch | null): readonly PlatformEvent[] {
  const recorded: PlatformEvent[] = [];
  const tell = (message: string) => recorded.push({ atMs: nowMs(), source: 'kubernetes', message });
  watches.events.onChange(({ involvedObject, reason, message }, change) => {
    if (change === 'gone') return;
    const about = `${involvedObject.kind?.toLowerCase()} ${involvedObject.name}`;
    tell(`${about}: ${reason}${message ? `: ${message}` : ''}`);
  });
  tellChanges(watches.nodes, 'node', (node) => (nodeIsReady(node) ? 'ready' : 'not ready'), tell);
  tellChanges(
    watches.budgets,
    'disruption budget',
    ({ status }) =>
      `allows ${status?.disruptionsAllowed ?? 0} disruptions, of ${status?.currentHealthy ?? 0} healthy pods`,
    tell,
  );
  tellChanges(watches.autoscalers, 'autoscaler', ({ status }) => `wants ${status?.desiredReplicas ?? 0} pods`, tell);
  if (cnpg) {
    tellChanges(cnpg.clusters, 'database', ({ status }) => status?.phase ?? 'says nothing', tell);
    // The words by which the phases of a failover know it.
    tellChanges(cnpg.clusters, 'database', ({ status }) => `${status?.currentPrimary ?? 'no instance'} promoted`, tell);
  }
  return recorded;
}

interface Named {
  metadata?: { name?: string; uid?: string };
}

/** Tells what objects say whenever it is not what they said before. */
function tellChanges<T extends Named>(
  objects: Watched<T>,
  kind: string,
  words: (object: T) => string,
  tell: (message: string) => void,
): void {
  const before = new Map(objects.all().map((object) => [object.metadata?.uid, words(object)]));
  objects.onChange((object, change) => {
    const { name, uid } = object.metadata ?? {};
    const now = change === 'gone' ? 'gone' : words(object);
    if (before.get(uid) !== now) tell(`${kind} ${name}: ${now}`);
    if (change === 'gone') before.delete(uid);
    else before.set(uid, now);
  });
}
