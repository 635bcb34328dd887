import { join } from 'node:path';
import { RegionError } from '../errors.ts';
import { logEnd } from '../log-end.ts';
import { programs } from '../paths.ts';
import { labelOf, listening, type OwnProcess, startNode } from '../processes.ts';
import type { EdgeCounters, TargetStatus } from './edge.ts';

export interface EdgeOptions {
  regionId: string;
  controlUrl: string;
  /** 0: any free port. */
  port: number;
  healthChecks: boolean;
  logDir: string;
}

export interface RunningEdge {
  process: OwnProcess;
  url: string;
  adminUrl: string;
}

export type EdgeStatus = EdgeCounters & { targets: TargetStatus[] };

/** Starts the edge's process. Throws RegionError, exit code 4 when its port is not available. */
export async function startEdge({
  regionId,
  controlUrl,
  port,
  healthChecks,
  logDir,
}: EdgeOptions): Promise<RunningEdge> {
  const logFile = join(logDir, 'edge.log');
  const args = [programs.edge, labelOf(regionId), `--control=${controlUrl}`, `--port=${port}`];
  const process = await startNode({
    name: 'edge',
    args: healthChecks ? args : [...args, '--no-health-checks'],
    logFile,
  });
  const ports = await listening<{ port: number; adminPort: number }>(process);
  if (ports) return { process, url: `http://127.0.0.1:${ports.port}`, adminUrl: `http://127.0.0.1:${ports.adminPort}` };

  const portTaken = (await process.exited) === 'exit code 4';
  const why = await logEnd(logFile);
  if (!portTaken) throw new RegionError(`The edge did not start. The end of its log:\n${why}`);
  throw new RegionError(
    `The edge cannot listen on port ${port} of 127.0.0.1 (${why.trim()}). Choose another with --edge-port, or leave it out for any free one.`,
    4,
  );
}

/** The edge's status; null when it does not answer. */
export async function edgeStatus({ adminUrl }: { adminUrl: string }): Promise<EdgeStatus | null> {
  try {
    const answer = await fetch(`${adminUrl}/__edge/status`, { signal: AbortSignal.timeout(1_000) });
    return (await answer.json()) as EdgeStatus;
  } catch {
    return null;
  }
}
