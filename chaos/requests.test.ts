import { join } from 'node:path';
import { expect, test } from 'vitest';
import { byId, createTemplate, listPage, listResolvedTargets, startExperiment } from '../src/platform/fis-requests.ts';
import { describeCluster, describeEvents, describeInstances, failoverCluster } from '../src/platform/rds-requests.ts';
import { rootFolder } from '../src/runtime/processes.ts';
import { cutDatabaseOff } from './database-unreachable/by-fis.ts';
import { terminateNode } from './node-loss/by-fis.ts';
import { zonePartition } from './node-partition/by-fis.ts';
import { everySpotNode, interruptSpot, oneSpotNode } from './spot-interruption/by-fis.ts';
import { powerInterruption } from './zone-outage/by-fis.ts';

const marks = {
  clientToken: 'c0ffee00-0000-4000-8000-000000000000',
  tags: { 'tenfold:run': '20260101-120000-abcdef' },
};
const role = 'arn:aws:iam::000000000000:role/tenfold-fis';
const node = 'arn:aws:ec2:local-1:000000000000:instance/i-0123456789abcdef0';
const shop = { 'tenfold:shop': 'storefront' };
const templateId = 'EXT0123456789abcdef';
const experimentId = 'EXP0123456789abcdef';

const fis = (operation: string, params: object) => ({ service: 'fis', operation, params });
const rds = (operation: string, params: object) => ({ service: 'rds', operation, params });

/** Every request that a drill can send to AWS. */
const requests = [
  ...[
    terminateNode(node),
    interruptSpot(oneSpotNode(node), 'PT2M'),
    interruptSpot(everySpotNode(shop), 'PT2M'),
    powerInterruption('local-1a', 'PT8M', shop),
    cutDatabaseOff('PT3M', shop),
    zonePartition('local-1a', 'PT8M', shop),
  ].map((template) => fis('CreateExperimentTemplate', createTemplate(template, role, marks))),
  fis('StartExperiment', startExperiment(templateId, 'skip-all', marks)),
  fis('StartExperiment', startExperiment(templateId, 'run-all', marks)),
  fis('GetExperiment', byId(experimentId)),
  fis('StopExperiment', byId(experimentId)),
  fis('DeleteExperimentTemplate', byId(templateId)),
  fis('ListExperimentResolvedTargets', listResolvedTargets(experimentId)),
  fis('ListExperimentResolvedTargets', { ...listResolvedTargets(experimentId), nextToken: 'the-next-page' }),
  ...['ListExperiments', 'ListExperimentTemplates'].flatMap((operation) => [
    fis(operation, listPage()),
    fis(operation, { ...listPage(), nextToken: 'the-next-page' }),
  ]),
  rds('DescribeDBClusters', describeCluster('shop')),
  rds('DescribeDBInstances', describeInstances('shop')),
  rds('FailoverDBCluster', failoverCluster('shop')),
  rds('FailoverDBCluster', failoverCluster('shop', 'db-c')),
  rds('DescribeEvents', describeEvents('shop', Date.UTC(2026, 0, 1, 12))),
];

test('what drills send to AWS is on record, for an independent check of its shapes', async () => {
  const record = join(rootFolder, 'tests', 'conformance', 'requests.json');
  await expect(`${JSON.stringify(requests, null, 2)}\n`).toMatchFileSnapshot(record);
});
