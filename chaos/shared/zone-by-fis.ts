import type { LiveNode } from '../../src/model/facets.ts';
import type { Way } from '../../src/model/fault.ts';
import type { FacetsOf } from '../../src/platform/facets-of.ts';
import type { ExperimentTemplate } from '../../src/platform/fis-requests.ts';
import { tooManyNodes } from './blast-radius.ts';
import { type Aim, fisWay } from './fis-way.ts';
import { mostSubnets } from './subnets.ts';
import { findWriter, writerChange } from './writer.ts';

interface ZoneByFis extends Pick<Parameters<typeof fisWay>[0], 'kind' | 'rolePolicies'> {
  /** Left out: that of the database's writer. */
  zone?: string | undefined;
  /** The experiment, whose targets are `subnets`, `database`, and `nodes` where it does something to the machines themselves. */
  template(zone: string, resourceTags: Record<string, string>): ExperimentTemplate;
}

type On = FacetsOf<'fis' | 'database-failover' | 'node-inventory'>;

/** All of a zone by one experiment. Proven when none of the zone's nodes is ready and the writer has left the zone. */
export const zoneByFis = (outage: ZoneByFis): Way =>
  fisWay({
    kind: outage.kind,
    requires: ['database-failover', 'node-inventory'],
    rolePolicies: outage.rolePolicies,
    aim: (on) => aim(outage, on),
  });

async function aim(
  { kind, zone: wanted, template: templateFor }: ZoneByFis,
  { aws, cluster, database }: On,
): Promise<Aim | string[]> {
  const writer = await findWriter(database);
  const zone = wanted ?? writer?.zone;
  if (zone === undefined) return [`${kind} finds no target: the database has no writer`];
  const { nodes } = await cluster.inventory();
  const inZone = nodes.filter((node) => node.zone === zone);
  const hit = inZone.filter(({ ready }) => ready);
  if (hit.length === 0) return [`${kind} finds no target: no node of ${zone} is ready`];
  const tooMany = tooManyNodes(kind, inZone.length, nodes.length);
  if (tooMany.length > 0) return tooMany;
  const former = writer?.zone === zone ? writer.id : undefined;
  const template = templateFor(zone, aws.resourceTags);
  return {
    template,
    blastRadius: {
      ...(template.targets.nodes && { nodes: { atLeast: hit.length, atMost: inZone.length } }),
      subnets: { atLeast: 1, atMost: mostSubnets },
      database: { atLeast: former ? 1 : 0, atMost: 1 },
    },
    async evidence() {
      const dark = darkness(zone, hit, (await cluster.inventory()).nodes);
      const moved = former ? await writerChange(database, former) : 'the writer is in another zone';
      return dark && moved && `${dark}; ${moved}`;
    },
  };
}

/** Evidence that none of a zone's nodes is ready; undefined while one is. */
function darkness(zone: string, hit: LiveNode[], now: LiveNode[]): string | undefined {
  const ready = new Set(now.filter((node) => node.ready).map(({ id }) => id));
  if (hit.some(({ id }) => ready.has(id))) return undefined;
  return `no node of ${zone} is ready (${hit.map(({ name }) => name).join(', ')})`;
}
