import type { DatabaseCluster } from '../../database/cluster.ts';
import { FailoverRefused } from '../../database/failover-refused.ts';

/** For tests: a fake database cluster; the writer is in the zone local-1a until it fails over. */
export function testDatabase({ failoverMs = 50 } = {}): DatabaseCluster {
  const zones = ['local-1a', 'local-1b', 'local-1c'];
  let writer = 0;
  let status: 'available' | 'failing-over' = 'available';
  const describe = () => ({
    id: 'shop',
    status,
    members: zones.map((zone, index) => ({
      id: `db-${zone.at(-1)}`,
      zone,
      role: index === writer ? ('writer' as const) : ('reader' as const),
      status: 'available' as const,
      host: '127.0.0.1',
      port: 1,
      pid: 1,
    })),
  });
  const failover = () => {
    if (status !== 'available') throw new FailoverRefused('cluster-unavailable', `cluster shop is ${status}`);
    status = 'failing-over';
    const completed = new Promise((resolve) => setTimeout(resolve, failoverMs)).then(() => {
      writer = (writer + 1) % zones.length;
      status = 'available';
    });
    return { completed };
  };
  return { id: 'shop', describe, failover, events: () => [] } as unknown as DatabaseCluster;
}
