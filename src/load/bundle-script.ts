import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cannotTell } from '../model/errors.ts';
import { run } from '../runtime/processes.ts';
import type { K6 } from './find-k6.ts';
import { k6Environment } from './k6-environment.ts';

const bundlingMs = 60_000;

/**
 * A script with all that it imports and opens, the file with its orders too, as `k6 archive` puts it together. Secrets are not in the
 * environment then: the archive would hold them.
 */
export async function bundleScript(
  k6: K6,
  { script, specFile }: { script: string; specFile: string },
): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'tenfold-archive-'));
  const file = join(folder, 'script.tar');
  try {
    const args = ['archive', '--quiet', '--env', `TENFOLD_LOAD_FILE=${specFile}`, '--archive-out', file, script];
    const { ok, stderr } = await run(k6.path, args, { environment: k6Environment(), timeoutMs: bundlingMs });
    if (!ok) throw cannotTell(`k6 cannot bundle ${script}: ${stderr.trim().split('\n').slice(-3).join(' | ')}`);
    return await readFile(file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
