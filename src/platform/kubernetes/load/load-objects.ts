import type { V1Container, V1Job, V1PodSpec } from '@kubernetes/client-node';
import type { LoadOrder } from '../../../model/facets.ts';
import { type Manifest, runLabel } from '../manifests.ts';
import type { Workload } from '../workload.ts';

/** Marks a runner's pod with its number, from 1. */
export const runnerLabel = 'tenfold.dev/runner';
export const restPort = 6565;
export const containerName = 'k6';

export const scriptName = 'script';
export const scriptKey = 'script.tar';
const authoritiesName = 'authorities';
const secretsName = 'variables';
/** Where a pod finds them. */
const scriptFolder = '/load';
const authoritiesFile = '/authorities/authorities.pem';

/** What a ConfigMap or a Secret may hold, less what its own fields take. */
export const mostBytes = 1_000_000;

export interface LoadWish
  extends Pick<LoadOrder, 'runId' | 'archive' | 'authorities' | 'environment' | 'secrets' | 'size' | 'atMostMs'> {
  namespace: string;
  image: string;
  /** Of k6-operator's starter; undefined: its own default. */
  starterImage: string | undefined;
  /** Whose nodes are left to the shop where there are others. */
  shop: Workload;
  /** Nodes for runners have these labels; empty: any. */
  nodes: Readonly<Record<string, string>>;
}

/** What all runners read: the script with its schedule, whom to trust, secrets. */
export function sharedObjects(wish: LoadWish): Manifest[] {
  const { runId, namespace, archive, authorities, secrets } = wish;
  const metadata = (name: string) => ({ name, namespace, labels: { [runLabel]: runId } });
  const configMap = (name: string, content: object) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: metadata(name),
    ...content,
  });
  return [
    configMap(scriptName, { binaryData: { [scriptKey]: Buffer.from(archive).toString('base64') } }),
    ...(authorities === undefined ? [] : [configMap(authoritiesName, { data: { 'authorities.pem': authorities } })]),
    ...(Object.keys(secrets).length === 0
      ? []
      : [{ apiVersion: 'v1', kind: 'Secret', metadata: metadata(secretsName), stringData: secrets }]),
  ];
}

/** What a runner is given, in a Job of ours as in a TestRun of the operator's. */
export function runnerParts(wish: LoadWish) {
  const { environment, secrets, authorities, size, runId, shop, nodes } = wish;
  const labels = { 'app.kubernetes.io/name': 'k6', [runLabel]: runId };
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
  const { labels, pod, container } = runnerParts(wish);
  const own = { ...labels, [runnerLabel]: String(index + 1) };
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: `runner-${index + 1}`, namespace: wish.namespace, labels: own },
    spec: {
      // A second try would send what the first has sent already.
      backoffLimit: 0,
      activeDeadlineSeconds: Math.ceil(wish.atMostMs / 1_000),
      template: {
        metadata: { labels: own },
        spec: {
          ...pod,
          volumes: [...pod.volumes, { name: scriptName, configMap: { name: scriptName } }],
          restartPolicy: 'Never',
          terminationGracePeriodSeconds: 30,
          containers: [
            {
              name: containerName,
              image: wish.image,
              args: ['run', ...args, '--paused', `--address=0.0.0.0:${restPort}`, `${scriptFolder}/${scriptKey}`],
              ports: [{ containerPort: restPort }],
              ...container,
              volumeMounts: [...container.volumeMounts, { name: scriptName, mountPath: scriptFolder }],
            },
          ],
        },
      },
    },
  };
}
