/** So many viewers of a room, in a process of their own, which take all that they are sent: `node viewers.ts URL COUNT`. */
const [url = '', count = '1'] = process.argv.slice(2);

async function watch(): Promise<void> {
  const page = await fetch(url);
  await page.text();
  const { body } = await fetch(new URL('events', url));
  for await (const _ of body ?? []);
}

const watching = Array.from({ length: Number(count) }, watch);
process.stdout.write('watching\n');
await Promise.allSettled(watching);
