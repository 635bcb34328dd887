import { drillNames, loadDrill } from '../load-drill.ts';
import { folders } from '../wire.ts';

/** Lists all drills. */
export async function listCommand(options: { json: boolean }): Promise<void> {
  const names = await drillNames(folders.scenarios);
  const drills = await Promise.all(names.map((name) => loadDrill(folders.scenarios, name)));
  if (options.json) {
    const rows = drills.map(({ name, title, fault }) => ({ name, title, fault: fault?.kind ?? null }));
    process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
    return;
  }
  const width = Math.max(...names.map((name) => name.length));
  for (const { name, title } of drills) process.stdout.write(`${name.padEnd(width)}  ${title}\n`);
}
