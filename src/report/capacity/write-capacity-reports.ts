import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Capacity } from '../../model/capacity.ts';
import { capacityHtml } from './page.ts';
import { capacitySummary } from './summary.ts';

/** Where a person reads it, in a run's folder. */
export const capacityPage = 'capacity.html';

/** Writes capacity.html and capacity.md into an existing run folder. */
export async function writeCapacityReports(runFolder: string, capacity: Capacity): Promise<void> {
  const folder = resolve(runFolder);
  await Promise.all([
    writeFile(join(folder, capacityPage), capacityHtml(capacity)),
    writeFile(join(folder, 'capacity.md'), capacitySummary(capacity)),
  ]);
}
