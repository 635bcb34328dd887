import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';

/** For `beforeEach`: a folder of a test's own, to which a variable leads (or to a part of it), and what ends both. */
export async function testFolder(variable: string, part = ''): Promise<{ path: string; end: () => Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'tenfold-test-'));
  vi.stubEnv(variable, join(path, part));
  return {
    path,
    async end() {
      vi.unstubAllEnvs();
      await rm(path, { recursive: true });
    },
  };
}
