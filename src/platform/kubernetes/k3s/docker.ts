/** Docker, as Testcontainers finds it. */
import { type ContainerRuntimeClient, getContainerRuntimeClient } from 'testcontainers';
import { invalid } from '../../../model/errors.ts';
import { waitFor } from '../../../runtime/clock.ts';

/** On every container of a cluster: the cluster's name. */
export const clusterLabel = 'dev.tenfold.k3s';
/** On containers that are nodes in a zone. */
export const zoneOfContainer = 'dev.tenfold.zone';

const goneTimeoutMs = 60_000;

/** @throws TenfoldError (invalid) where there is none */
export async function docker(): Promise<ContainerRuntimeClient> {
  return await getContainerRuntimeClient().catch((error: Error) => {
    throw invalid(
      `Docker does not answer, and a k3s runs in its containers (${error.message})`,
      'start Docker, or set DOCKER_HOST to where it is',
    );
  });
}

/** All containers of a cluster, running or not. */
export async function containersOf(name: string) {
  const { container } = await docker();
  return await container.dockerode.listContainers({ all: true, filters: { label: [`${clusterLabel}=${name}`] } });
}

/** Removes a cluster with its volumes; does nothing where there is none. Somebody else may be at it, such as the reaper. */
export async function removeContainers(name: string): Promise<void> {
  const { container } = await docker();
  const removed = (await containersOf(name)).map(({ Id }) => container.getById(Id).remove({ force: true, v: true }));
  // One that is gone, or going, is no failure: what counts is that none is left.
  const failures = (await Promise.allSettled(removed)).flatMap((end) =>
    end.status === 'rejected' ? [end.reason] : [],
  );
  const gone = async () => {
    const left = await containersOf(name);
    if (left.length === 0) return true;
    throw new Error(`${left.length} containers are left${failures.length > 0 ? `: ${failures[0].message}` : ''}`);
  };
  await waitFor(`the containers of ${name} to be gone`, gone, { timeoutMs: goneTimeoutMs, intervalMs: 500 });
}

/** The end of what each container of a cluster has said, before it goes. */
export async function lastWords(name: string): Promise<string[]> {
  const { container } = await docker();
  const said = (await containersOf(name)).map(async ({ Id, Names, Status }) => {
    const log = await container.getById(Id).logs({ stdout: true, stderr: true, tail: 5 });
    return [`${Names[0]?.slice(1)} (${Status}):`, ...linesOf(log)];
  });
  return (await Promise.all(said)).flat();
}

/** A log is frames: a byte for the stream, three of nothing, four for the length, and what was said. */
function linesOf(log: Buffer): string[] {
  const lines: string[] = [];
  for (let at = 0; at + 8 <= log.length; ) {
    const end = at + 8 + log.readUInt32BE(at + 4);
    lines.push(
      `  ${log
        .toString('utf8', at + 8, end)
        .trimEnd()
        .slice(0, 300)}`,
    );
    at = end;
  }
  return lines;
}

/** What the engine said no with; undefined where it said nothing. */
export const statusOf = (error: unknown): number | undefined => (error as { statusCode?: number }).statusCode;
