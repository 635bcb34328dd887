import { loadDrills } from '../load-drill.ts';
import { folders } from '../wire.ts';

/** Lists all drills. */
export async function listCommand(options: { json: boolean }): Promise<void> {
  const drills = await loadDrills(folders.scenarios);
  if (options.json) {
    const rows = drills.map(({ name, title, fault }) => ({ name, title, fault: fault?.kind ?? null }));
    process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
    return;
  }
  const width = Math.max(...drills.map(({ name }) => name.length));
  for (const { name, title } of drills) process.stdout.write(`${name.padEnd(width)}  ${title}\n`);
}
