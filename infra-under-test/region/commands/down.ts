import { setTimeout as sleep } from 'node:timers/promises';
import { isSupervisor } from '../processes.ts';
import { RegionPlace } from '../region-place.ts';

const graceMs = 5_000;
const pollMs = 50;

/** Ends the region remembered in a folder, even if its supervisor died. Nothing to end is no error. */
export async function down({ folder }: { folder: string }): Promise<void> {
  const place = new RegionPlace(folder);
  const { living, clearedUp } = await place.find();
  if (!living) {
    process.stdout.write(clearedUp ? 'The platform had died; what it left is removed.\n' : 'No platform is up.\n');
    return;
  }
  process.kill(living.pid, 'SIGTERM');
  if (!(await hasEnded(living.pid))) process.kill(living.pid, 'SIGKILL');
  await place.clearUp(living);
  process.stdout.write('The platform is down.\n');
}

async function hasEnded(pid: number): Promise<boolean> {
  const deadlineMs = performance.now() + graceMs;
  while (await isSupervisor(pid)) {
    if (performance.now() > deadlineMs) return false;
    await sleep(pollMs);
  }
  return true;
}
