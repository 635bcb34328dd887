import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from './run.ts';

export const hasDocker = (): Promise<boolean> =>
  run('docker', ['version']).then(
    () => true,
    () => false,
  );

interface Build {
  dockerfile: string;
  /** The folder with what goes into it. */
  context: string;
  tag: string;
  push: boolean;
}

/** Builds an image, and pushes it where that is asked for. */
export async function buildByDocker({ dockerfile, context, tag, push }: Build): Promise<void> {
  await writeFile(join(context, 'Dockerfile'), dockerfile);
  await run('docker', ['build', '--quiet', '--tag', tag, context]);
  if (push) await run('docker', ['push', '--quiet', tag]);
}
