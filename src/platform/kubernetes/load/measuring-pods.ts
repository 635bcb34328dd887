import type { V1Container, V1Job, V1PodSpec } from '@kubernetes/client-node';
import { invalid } from '../../../model/errors.ts';
import { type LoadOrder, restPort } from '../../../model/facets.ts';
import { type Manifest, runLabel } from '../manifests.ts';
import type { Workload } from '../workload.ts';

/** Marks a runner's pod with its number, from 1. */
export const runnerLabel = 'tenfold.dev/runner';
export const containers = { k6: 'k6', sentinel: 'sentinel' } as const;

const authoritiesName = 'authorities';
const secretsName = 'variables';
/** Where a pod finds them. */
const fileFolder = '/tenfold';
const authoritiesFile = '/authorities/authorities.pem';

/** What a ConfigMap or a Secret may hold, less what its own fields take. */
const mostBytes = 1_000_000;

/** What pods that measure are given, runners of k6 as the sentinel. */
export interface PodWish
  extends Pick<LoadOrder, 'runId' | 'authorities' | 'environment' | 'secrets' | 'size' | 'atMostMs'> {
  namespace: string;
  image: string;
  /** Of the container that measures. */
  container: string;
  /** What they read, as a ConfigMap of this name with this key. */
  file: { name: string; key: string; content: Uint8Array };
  /** Whose nodes are left to the shop where there are others. */
  shop: Workload;
  /** Nodes for them have these labels; empty: any. */
  nodes: Readonly<Record<string, string>>;
}

export interface LoadWish extends PodWish {
  /** Of k6-operator's starter; undefined: its own default. */
  starterImage: string | undefined;
}

/**
 * What all pods read: what they are to do, whom to trust, secrets.
 * @throws TenfoldError (invalid) where that is more than a ConfigMap holds
 */
export function sharedObjects(wish: PodWish): Manifest[] {
  const { runId, namespace, file, authorities, secrets } = wish;
  refuseTooLarge(wish);
  const metadata = (name: string) => ({ name, namespace, labels: { [runLabel]: runId } });
  const configMap = (name: string, content: object) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: metadata(name),
    ...content,
  });
  return [
    configMap(file.name, { binaryData: { [file.key]: Buffer.from(file.content).toString('base64') } }),
    ...(authorities === undefined ? [] : [configMap(authoritiesName, { data: { 'authorities.pem': authorities } })]),
    ...(Object.keys(secrets).length === 0
      ? []
      : [{ apiVersion: 'v1', kind: 'Secret', metadata: metadata(secretsName), stringData: secrets }]),
  ];
}

/** @throws TenfoldError (invalid) what a ConfigMap does not hold */
function refuseTooLarge({ file, authorities = '' }: PodWish): void {
  const bytes = Math.max(Math.ceil(file.content.length / 3) * 4, Buffer.byteLength(authorities));
  if (bytes > mostBytes)
    throw invalid(
      `the ${file.name} and what it reads take ${(bytes / 1e6).toFixed(1)} MB, and a ConfigMap holds ${mostBytes / 1e6} MB`,
      'have them in this machine: leave out --load or --sentinel; or have the script read less',
    );
}

/** What a pod is given, in a Job of ours as in a TestRun of the operator's. */
export function podParts(wish: PodWish) {
  const { environment, secrets, authorities, size, runId, shop, nodes, container } = wish;
  const labels = { 'app.kubernetes.io/name': container, [runLabel]: runId };
  const spread = (topologyKey: string) => ({
    maxSkew: 1,
    topologyKey,
    // Where there is less room, the load counts for more than its spread.
    whenUnsatisfiable: 'ScheduleAnyway',
    labelSelector: { matchLabels: labels },
  });
  return {
    labels,
    pod: {
      automountServiceAccountToken: false,
      ...(Object.keys(nodes).length > 0 && { nodeSelector: { ...nodes } }),
      securityContext: { runAsNonRoot: true, runAsUser: 10001, seccompProfile: { type: 'RuntimeDefault' } },
      topologySpreadConstraints: [spread('topology.kubernetes.io/zone'), spread('kubernetes.io/hostname')],
      affinity: {
        podAntiAffinity: {
          preferredDuringSchedulingIgnoredDuringExecution: [
            {
              weight: 100,
              podAffinityTerm: {
                topologyKey: 'kubernetes.io/hostname',
                namespaces: [shop.namespace],
                labelSelector: { matchLabels: { ...shop.labels } },
              },
            },
          ],
        },
      },
      volumes: [
        ...(authorities === undefined ? [] : [{ name: authoritiesName, configMap: { name: authoritiesName } }]),
      ],
    } satisfies Partial<V1PodSpec>,
    container: {
      env: [
        ...Object.entries(environment).map(([name, value]) => ({ name, value })),
        ...(authorities === undefined
          ? []
          : [
              { name: 'SSL_CERT_FILE', value: authoritiesFile },
              // Go adds the certificates of a folder to those of the file.
              { name: 'SSL_CERT_DIR', value: '/dev/null' },
            ]),
        ...Object.keys(secrets).map((name) => ({
          name,
          valueFrom: { secretKeyRef: { name: secretsName, key: name } },
        })),
      ],
      readinessProbe: { httpGet: { path: '/v1/status', port: restPort }, periodSeconds: 1 },
      // A limit of CPU would make k6 late, which would look like a slow shop.
      resources: {
        requests: { cpu: `${size.cpuMillis}m`, memory: `${size.memoryMiB}Mi` },
        limits: { memory: `${size.memoryMiB}Mi` },
      },
      securityContext: {
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      },
      volumeMounts: [...(authorities === undefined ? [] : [{ name: authoritiesName, mountPath: '/authorities' }])],
    } satisfies Partial<V1Container>,
  };
}

/** A runner as a Job: paused until all are there. */
export function runnerJob(wish: LoadWish, index: number, args: readonly string[]): V1Job {
  const paused = ['--paused', `--address=0.0.0.0:${restPort}`];
  return podJob(wish, {
    name: `runner-${index + 1}`,
    labels: { [runnerLabel]: String(index + 1) },
    args: (file) => ['run', ...args, ...paused, file],
  });
}

interface Job {
  name: string;
  labels?: Record<string, string>;
  /** @param file where the pod finds what it is to do */
  args: (file: string) => string[];
}

/** A pod as a Job, which ends by itself when it is too old, and is not started again. */
export function podJob(wish: PodWish, { name, labels: own = {}, args }: Job): V1Job {
  const { labels: shared, pod, container } = podParts(wish);
  const { file } = wish;
  const labels = { ...shared, ...own };
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name, namespace: wish.namespace, labels },
    spec: {
      // A second try would send what the first has sent already.
      backoffLimit: 0,
      activeDeadlineSeconds: Math.ceil(wish.atMostMs / 1_000),
      template: {
        metadata: { labels },
        spec: {
          ...pod,
          volumes: [...pod.volumes, { name: file.name, configMap: { name: file.name } }],
          restartPolicy: 'Never',
          terminationGracePeriodSeconds: 30,
          containers: [
            {
              name: wish.container,
              image: wish.image,
              args: args(`${fileFolder}/${file.key}`),
              ports: [{ containerPort: restPort }],
              ...container,
              volumeMounts: [...container.volumeMounts, { name: file.name, mountPath: fileFolder }],
            },
          ],
        },
      },
    },
  };
}
