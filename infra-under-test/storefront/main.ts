import { fstatSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { readConfig } from './config.ts';
import { createShop } from './shop.ts';

async function main(): Promise<void> {
  const config = readConfig(process.env);
  const log = pino({ level: config.logLevel, base: { pod: config.podName } }, pino.destination(2));
  const shop = createShop(config, (error) => log.error(error));
  await shop.app.listen({ host: config.host, port: config.port });
  const { port } = shop.app.server.address() as AddressInfo;
  process.stdout.write(`${JSON.stringify({ listening: { port } })}\n`);
  process.once('SIGTERM', async () => {
    await shop.leave();
    await shop.close();
    process.exit(0);
  });
  await shop.start();
  log.info('ready');
}

/** Whoever started the pod may hold its stdin: when that ends, so does the pod. A container's is /dev/null. */
function endWithStdin(): void {
  if (fstatSync(0).isCharacterDevice()) return;
  process.stdin
    .on('end', () => process.exit(0))
    .on('error', () => process.exit(0))
    .resume();
}

endWithStdin();
main().catch((error: Error) => {
  process.stderr.write(`storefront: ${error.message}\n`);
  process.exit(1);
});
