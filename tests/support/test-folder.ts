import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';

/** For `beforeEach`: a test's own folder, and an environment variable with (a part of) its path; `end` undoes both. */
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
