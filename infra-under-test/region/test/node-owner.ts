/** Starts a node as the region does, says so, and waits to be killed. Arguments: control URL, token, folder for logs. */
import { type NodePlace, startNodeAgent } from '../compute/nodes.ts';

const [controlUrl = '', token = '', logDir = ''] = process.argv.slice(2);
const node: NodePlace = { name: 'owned', zone: 'local-1a', capacity: 'on-demand' };
const agent = await startNodeAgent(node, { regionId: 'owner-test', controlUrl, token, logDir, givesWay: true });
process.stdout.write(`${agent.pid}\n`);
await agent.exited;
