import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { run } from './run.ts';

export const hasDocker = (): Promise<boolean> =>
  run('docker', ['version']).then(
    () => true,
    () => false,
  );

const dockerfile = `FROM node:24-slim
COPY app /app
ENTRYPOINT ["/usr/local/bin/node"]
`;

/** Builds the image on the base that Docker pulls, and pushes it where that is asked for. */
export async function buildByDocker({ app, tag, push }: { app: string; tag: string; push: boolean }): Promise<void> {
  const context = dirname(app);
  await writeFile(join(context, 'Dockerfile'), dockerfile);
  await run('docker', ['build', '--quiet', '--tag', tag, context]);
  if (push) await run('docker', ['push', '--quiet', tag]);
}
