import { type Hit, writersZone } from '../../src/model/fault.ts';
import type { Inventory } from '../../src/model/target.ts';
import { tooManyNodes } from './blast-radius.ts';

/** What a fault hits that takes all of a zone. @param zone left out: that of the database's writer, which may be any */
export function zoneHits({ zones, nodes, databaseInstances }: Inventory, zone: string | undefined): Hit[] {
  const inZone = nodes.filter((node) => node.zone === zone).map(({ name }) => name);
  const largest = Math.max(0, ...zones.map((name) => nodes.filter((node) => node.zone === name).length));
  const instances = zone === undefined ? 1 : databaseInstances.filter((instance) => instance.zone === zone).length;
  return [
    { kind: 'zone', which: zone ?? writersZone, count: 1, of: zones.length },
    zone === undefined
      ? { kind: 'node', which: 'all of that zone', count: largest, of: nodes.length }
      : { kind: 'node', which: inZone.join(', '), count: inZone.length, of: nodes.length },
    ...(instances > 0
      ? [{ kind: 'database instance', which: 'the one of that zone', count: instances, of: databaseInstances.length }]
      : []),
  ];
}

/** What is wrong with taking all of a zone: there is no other, or no such one, or it is more than its blast radius. */
export function zoneProblems(kind: string, { zones, nodes }: Inventory, zone: string | undefined): string[] {
  if (zones.length < 2)
    return [`${kind} would take the only zone, more than its blast radius; choose a platform with several zones`];
  if (zone !== undefined && !zones.includes(zone))
    return [`${kind} finds no zone ${zone}: there are ${zones.join(', ')}; name one of them, or none`];
  const inZone = (name: string) => nodes.filter((node) => node.zone === name).length;
  // Any zone can be the writer's: the largest one counts.
  return tooManyNodes(kind, zone === undefined ? Math.max(...zones.map(inZone)) : inZone(zone), nodes.length);
}
