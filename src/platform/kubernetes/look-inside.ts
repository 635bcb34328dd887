import type { V1Pod } from '@kubernetes/client-node';
import { cannotTell } from '../../model/errors.ts';
import type { ClusterApi } from './cluster-api.ts';
import { execByAny } from './exec.ts';
import { servingContainer } from './objects.ts';

/** Each file comes after a line with its name. */
const readBySh =
  'for file; do for one in $file; do [ -r "$one" ] && echo "==> $one" && cat "$one"; done; done 2>/dev/null; true';
const readByNode = `
const fs = require('fs');
const all = process.argv.slice(1).flatMap((file) => file.includes('[0-9]*')
  ? fs.readdirSync('/proc').filter((name) => /^[0-9]+$/.test(name)).map((name) => file.replace('[0-9]*', name)) : [file]);
for (const file of all) try { fs.writeSync(1, '==> ' + file + '\\n' + fs.readFileSync(file, 'utf8')); } catch {}
`;
const readByPython = `
import glob, sys
for file in [one for pattern in sys.argv[1:] for one in glob.glob(pattern)]:
    try: sys.stdout.write('==> %s\\n%s' % (file, open(file).read()))
    except OSError: pass
`;

const connectByNode = `
const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port } = process.env;
const start = process.hrtime.bigint();
const end = () => process.exit(1);
require('net').connect({ host, port, timeout: 10000 }, () => {
  require('fs').writeSync(1, String(Number(process.hrtime.bigint() - start) / 1e6));
  process.exit(0);
}).on('error', end).on('timeout', end);
`;
const connectByPython = `
import os, socket, time
start = time.time()
socket.create_connection((os.environ['KUBERNETES_SERVICE_HOST'], os.environ['KUBERNETES_SERVICE_PORT']), 10)
print((time.time() - start) * 1000)
`;

/** What files of a pod say, by the container that serves; `[0-9]*` in a path below /proc stands for every process. */
export async function readIn(api: ClusterApi, pod: V1Pod, files: readonly string[]): Promise<Record<string, string>> {
  return filesIn(await sayIn(api, pod, readers(files)));
}

/** What reads files, by any of several programs. */
export const readers = (files: readonly string[]): string[][] => [
  ['sh', '-c', readBySh, 'sh', ...files],
  ['node', '-e', readByNode, ...files],
  ['python3', '-c', readByPython, ...files],
];

/** What a reader says, file by file. */
export function filesIn(said: string): Record<string, string> {
  const parts = said.split(/^==> (.*)\n/m).slice(1);
  return Object.fromEntries(parts.flatMap((name, index) => (index % 2 === 0 ? [[name, parts[index + 1] ?? '']] : [])));
}

/** How long it takes a pod to open a connection to the API server, in ms. */
export async function connectMsFrom(api: ClusterApi, pod: V1Pod): Promise<number> {
  return Number(await sayIn(api, pod, connectors));
}

export const connectors = [
  ['node', '-e', connectByNode],
  ['python3', '-c', connectByPython],
];

async function sayIn(api: ClusterApi, { metadata, spec }: V1Pod, means: string[][]): Promise<string> {
  const { name = '', namespace = '' } = metadata ?? {};
  const place = { namespace, pod: name, container: servingContainer(spec?.containers).container.name };
  let said = '';
  const failure = await execByAny(api, place, means, (text) => {
    said += text;
  });
  if (failure !== null) throw cannotTell(`nothing can be read in pod ${name}: ${failure ?? 'it ended meanwhile'}`);
  return said;
}
