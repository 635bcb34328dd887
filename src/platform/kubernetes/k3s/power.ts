/**
 * power.ts off|on CONTAINER: cuts the power of a node that is a container, or boots it. Does no harm where it is so already. One that
 * is gone needs no booting: its cluster went with its drill.
 */
import { docker, statusOf } from './docker.ts';

const [, , to, name = ''] = process.argv;
const harmless = to === 'on' ? [304, 404] : [304, 409];

try {
  const { container } = await docker();
  const node = container.getById(name);
  await (to === 'on' ? node.start() : node.kill());
} catch (error) {
  if (!harmless.includes(statusOf(error) ?? 0)) {
    process.stderr.write(`${(error as Error).message}\n`);
    process.exitCode = 1;
  }
}
