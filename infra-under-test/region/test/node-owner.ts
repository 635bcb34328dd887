/** Starts a node as the region does, says so, and waits to be killed. Arguments: control URL, token, folder for logs. */
import { startComputeNode } from '../compute/nodes.ts';

const [controlUrl = '', token = '', logDir = ''] = process.argv.slice(2);
const node = { name: 'owned', zone: 'local-1a' };
const { agent } = await startComputeNode(node, { regionId: 'owner-test', controlUrl, token, logDir });
process.stdout.write(`${agent.pid}\n`);
await agent.exited;
