import type { RegionDocument } from '../region-document.ts';

/** Prints steps on stderr with the seconds since this call. */
export function timedProgress(): (message: string) => void {
  const startMs = performance.now();
  return (message) => {
    const seconds = ((performance.now() - startMs) / 1_000).toFixed(1);
    process.stderr.write(`${seconds.padStart(5)} s  ${message}\n`);
  };
}

/** Prints how to reach a region. */
export function tell(document: RegionDocument, json: boolean): void {
  process.stdout.write(json ? `${JSON.stringify(document)}\n` : `${describe(document)}\n`);
}

function describe({ edge, aws, tenants, dir, without, control, database }: RegionDocument): string {
  const missing = without.length > 0 ? `, without ${without.join(', ')}` : '';
  return `
The shop is open at ${edge.url}${missing}

  browse     curl -H 'x-tenant: ${tenants[0]}' ${edge.url}/products
  fail over  AWS_ACCESS_KEY_ID=${aws.accessKeyId} AWS_SECRET_ACCESS_KEY=${aws.secretAccessKey} \\
               aws --endpoint-url ${aws.endpoint} --region ${aws.region} \\
               rds failover-db-cluster --db-cluster-identifier ${database.clusterId}
  events     curl ${control.url}/events
  status     npm run platform -- status
  stop       npm run platform -- down

Everything else that one needs to reach it, passwords included: ${dir}/region.json`;
}
