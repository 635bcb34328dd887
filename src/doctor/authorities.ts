import { readdir, readFile } from 'node:fs/promises';
import { delimiter } from 'node:path';
import type { Answer, Context } from './check.ts';

export const authorityVariables = ['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE', 'SSL_CERT_DIR'] as const;

/** Whether the authorities are there that variables name: one that is missing is passed over in silence, or with a warning of Node's. */
export async function judgeAuthorities(environment: Context['environment']): Promise<Answer[]> {
  const named = authorityVariables.flatMap((name) => {
    const value = environment[name];
    if (!value) return [];
    const paths = name === 'SSL_CERT_DIR' ? value.split(delimiter).filter(Boolean) : [value];
    return paths.map((path) => ({ name, path }));
  });
  const troubles = await Promise.all(
    named.map(async ({ name, path }) => {
      const trouble = await (name === 'SSL_CERT_DIR' ? folderTrouble(path) : fileTrouble(path));
      return trouble === undefined ? [] : [missing(name, path, trouble)];
    }),
  );
  if (troubles.flat().length > 0) return troubles.flat();
  const names = [...new Set(named.map(({ name }) => name))].join(', ');
  return [{ outcome: 'ok', message: `${names}: k6 and the sentinel trust these authorities too` }];
}

const missing = (name: string, path: string, trouble: string): Answer => ({
  outcome: 'warning',
  message: `${name} names ${path}, ${trouble}: it adds no trusted authority`,
  remedy: `correct ${name}, or unset it`,
});

const fileTrouble = (path: string): Promise<string | undefined> =>
  readFile(path, 'utf8').then(
    (text) =>
      /-----BEGIN (TRUSTED )?CERTIFICATE-----/.test(text) ? undefined : 'which holds no certificate in PEM format',
    cannotBeRead,
  );

const folderTrouble = (path: string): Promise<string | undefined> => readdir(path).then(() => undefined, cannotBeRead);

const cannotBeRead = ({ code }: NodeJS.ErrnoException): string =>
  code === 'ENOENT' ? 'which does not exist' : `which cannot be read (${code})`;
