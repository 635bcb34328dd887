import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findBinaries } from './binaries.ts';
import { Instance } from './instance.ts';

async function temporaryFolder() {
  const path = await mkdtemp(join(tmpdir(), 'binaries-test-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

describe('PostgreSQL of the npm package', () => {
  it.runIf(process.getuid?.() === 0)('is refused below a folder that its user cannot enter', async () => {
    await using folder = await temporaryFolder();
    await expect(findBinaries(join(folder.path, 'region'))).rejects.toThrow(/cannot enter .*Set TMPDIR/);
  });

  it('tells the end of its log when it does not start', async () => {
    await using folder = await temporaryFolder();
    const dir = folder.path;
    const binaries = await findBinaries(dir);
    const instance = new Instance({
      id: 'db-a',
      zone: 'local-1a',
      port: 1,
      replicationPort: 1,
      quorum: [],
      dir,
      binaries,
      passwords: { postgres: '', replicator: '' },
      onCrash: () => expect.unreachable(),
      onConnection: () => {},
      onUnexpectedExit: () => expect.unreachable(),
    });
    await expect(instance.start()).rejects.toThrow(/db-a.* did not start[\s\S]*could not access directory/);
    expect(instance.pid).toBeNull();
  });
});
