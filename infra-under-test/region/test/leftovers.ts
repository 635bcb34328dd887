import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { leftoversAmong, type RegionMark, runningProcesses } from '../processes.ts';
import type { RegionDocument } from '../region-document.ts';

/** What is left of a region that ended: processes, open ports, its folder. All empty when it is clean. */
export async function leftoversOf({ id, dir, edge, control, aws }: RegionDocument) {
  const ports = [edge.url, edge.adminUrl, control.url, aws.endpoint].map((url) => Number(new URL(url).port));
  const open = await Promise.all(ports.map(async (port) => ((await isOpen(port)) ? [port] : [])));
  return {
    processes: leftoversAmong(await runningProcesses(), { id, dir }, 0),
    ports: open.flat(),
    folders: [dir].filter(existsSync),
  };
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(true)).on('error', () => resolve(false));
    socket.once('close', () => socket.destroy());
    setTimeout(() => socket.destroy(), 500).unref();
  });
}

/** The memory of a region and its supervisor in bytes, shared pages counted once (Linux only). */
export async function memoryBytes(region: RegionMark & { pid: number }): Promise<number> {
  const pids = [region.pid, ...leftoversAmong(await runningProcesses(), region, 0)];
  const sizes = await Promise.all(
    [...new Set(pids)].map(async (pid) => {
      const text = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
      return Number(/^Pss: +(\d+) kB/m.exec(text)?.[1] ?? 0) * 1_024;
    }),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
