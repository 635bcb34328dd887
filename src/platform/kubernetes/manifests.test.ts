import { expect, test } from 'vitest';
import type { ClusterSettings } from '../../model/cluster-settings.ts';
import { type Manifest, manifestsFor, readManifests, runLabel } from './manifests.ts';

const settings: ClusterSettings = {
  context: 'a',
  images: { storefront: 'registry.example/storefront:7' },
  redis: true,
  reach: 'load-balancer',
  podNetwork: false,
  healthChecks: false,
  timeScale: 1,
  peakPods: 6,
};
const wish = { runId: 'run-1', namespace: 'tenfold-run-1', without: [], pods: undefined };

const stamped = async (
  changed: Partial<ClusterSettings> = {},
  more: Partial<typeof wish | { pods: number; without: string[] }> = {},
) => {
  const asked = { ...settings, ...changed };
  return manifestsFor(await readManifests(asked), { ...wish, ...more }, asked);
};
const ofKind = (manifests: Manifest[], kind: string) => manifests.filter((manifest) => manifest.kind === kind);

test('every object of a run is in its namespace, or named after it, and carries its label, pods too', async () => {
  const manifests = await stamped();
  for (const { kind, metadata } of manifests) {
    if (kind === 'PriorityClass') {
      expect(metadata?.name).toMatch(/^tenfold-run-1-/);
      expect(metadata?.labels?.['tenfold.dev/namespace']).toBe('tenfold-run-1');
    }
    expect(metadata?.namespace).toBe(kind === 'PriorityClass' ? undefined : 'tenfold-run-1');
    expect(metadata?.labels?.[runLabel]).toBe('run-1');
  }
  for (const { spec } of [...ofKind(manifests, 'Deployment'), ...ofKind(manifests, 'Job')]) {
    expect(spec.template.metadata.labels[runLabel]).toBe('run-1');
    const [{ name, image }] = spec.template.spec.containers;
    expect(image).toMatch(name === 'redis' ? /^docker.io\/library\/redis:7/ : /^registry.example\/storefront:7$/);
  }
});

test('pods and the database have a priority class that the run brings, work that can wait the lower one', async () => {
  const manifests = await stamped();
  const values = Object.fromEntries(
    ofKind(manifests, 'PriorityClass').map(({ metadata, value }) => [metadata?.name, value as number]),
  );
  const valuesOf = (kind: string) =>
    ofKind(manifests, kind).map(({ spec }) => values[(spec.template?.spec ?? spec).priorityClassName]);
  const shop = [...valuesOf('Deployment'), ...valuesOf('Cluster')];
  for (const value of shop) expect(value).toBeGreaterThan(0);
  for (const value of valuesOf('Job')) expect(value).toBeLessThan(0);
});

test('every pod has a service account without a token, but for the database, whose operator makes it', async () => {
  const manifests = await stamped();
  const accounts = ofKind(manifests, 'ServiceAccount').filter(
    ({ automountServiceAccountToken }) => automountServiceAccountToken === false,
  );
  const names = accounts.map(({ metadata }) => metadata?.name);
  for (const { spec } of [...ofKind(manifests, 'Deployment'), ...ofKind(manifests, 'Job')]) {
    expect(names).toContain(spec.template.spec.serviceAccountName);
    expect(spec.template.spec.automountServiceAccountToken).toBe(false);
  }
});

test('passwords are others each time, in whatever form, and what is in the files is left as it is', async () => {
  const secrets = async () => ofKind(await stamped(), 'Secret').map(({ stringData }) => stringData);
  const all = [...(await secrets()), ...(await secrets())];
  expect(new Set(all.map(({ password }) => password)).size).toBe(all.length);
  expect(JSON.stringify(all)).not.toContain('change-me');
  for (const { url, password } of all) if (url) expect(url).toBe(`redis://:${password}@redis:6379`);
  expect(JSON.stringify(await readManifests(settings))).toContain('change-me');
});

test('a shop without Redis has nothing of it', async () => {
  const namesOf = (manifests: Manifest[]) => manifests.map(({ metadata }) => metadata?.name);
  expect(namesOf(await stamped())).toContain('redis');
  expect(namesOf(await stamped({ redis: false }))).not.toContain('redis');
  const [{ image } = { image: '' }] = ofKind(
    await stamped({ images: { ...settings.images, redis: 'local/redis:7' } }),
    'Deployment',
  )
    .flatMap(({ spec }) => spec.template.spec.containers)
    .filter(({ name }) => name === 'redis');
  expect(image).toBe('local/redis:7');
});

test('a cluster has its own database image and storage; without them the manifest’s stay', async () => {
  const [own] = ofKind(
    await stamped({ images: { ...settings.images, postgres: 'local/pg:15' }, storageClass: 'fast' }),
    'Cluster',
  );
  expect(own?.spec).toMatchObject({ imageName: 'local/pg:15', storage: { size: '5Gi', storageClass: 'fast' } });
  const [usual] = ofKind(await stamped(), 'Cluster');
  expect(usual?.spec.imageName).toMatch(/cloudnative-pg/);
});

test('a pod requests as much CPU as the settings say', async () => {
  const cpuOf = async (changed: Partial<ClusterSettings>) =>
    ofKind(await stamped(changed), 'Deployment')[0]?.spec.template.spec.containers[0].resources.requests.cpu;
  expect([await cpuOf({}), await cpuOf({ podCpu: '30m' })]).toEqual(['100m', '30m']);
});

test('protections of the shop are switched off where its tables are made, and where it runs', async () => {
  const manifests = await stamped({}, { without: ['timeouts', 'idempotent-orders'] });
  const containers = [...ofKind(manifests, 'Deployment'), ...ofKind(manifests, 'Job')].flatMap(
    ({ spec }) => spec.template.spec.containers,
  );
  const own = containers.filter(({ name }) => name === 'storefront');
  expect(own).toHaveLength(2);
  for (const { env } of own) expect(env).toContainEqual({ name: 'WITHOUT', value: 'timeouts,idempotent-orders' });
});

test('without a protection of the cluster its object is left out, and the shop is not told of it', async () => {
  const kinds = (manifests: Manifest[]) => manifests.map(({ kind }) => kind);
  const bare = await stamped({}, { pods: 6, without: ['autoscaling', 'disruption-budget'] });
  expect(kinds(bare)).not.toContain('HorizontalPodAutoscaler');
  expect(kinds(bare)).not.toContain('PodDisruptionBudget');
  const [deployment] = ofKind(bare, 'Deployment');
  expect(deployment?.spec.replicas).toBe(6);
  expect(JSON.stringify(deployment)).not.toContain('WITHOUT');
});

test('without a quorum the database commits by itself', async () => {
  const syncOf = (manifests: Manifest[]) => ofKind(manifests, 'Cluster').map(({ spec }) => spec.postgresql.synchronous);
  expect(syncOf(await stamped())).toEqual([{ method: 'any', number: 1 }]);
  expect(syncOf(await stamped({}, { without: ['quorum-commit'] }))).toEqual([undefined]);
});

test('without zone spread all pods are in the zone of the writer', async () => {
  const podOf = async (without: string[]) =>
    ofKind(await stamped({}, { without }), 'Deployment')[0]?.spec.template.spec;
  expect((await podOf([])).topologySpreadConstraints).toHaveLength(2);
  const packed = await podOf(['zone-spread']);
  expect(packed.topologySpreadConstraints).toBeUndefined();
  expect(packed.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution).toMatchObject([
    {
      topologyKey: 'topology.kubernetes.io/zone',
      labelSelector: { matchLabels: { 'cnpg.io/instanceRole': 'primary' } },
    },
  ]);
});

test('a shop that is scaled out starts with all its pods', async () => {
  const [scaledOut] = ofKind(await stamped({}, { pods: 6 }), 'HorizontalPodAutoscaler');
  expect(scaledOut?.spec).toMatchObject({ minReplicas: 6, maxReplicas: 6 });
});

test('where the clocks of a cluster run faster, autoscaling does too', async () => {
  const [autoscaler] = ofKind(await stamped({ timeScale: 3 }), 'HorizontalPodAutoscaler');
  expect(autoscaler?.spec.behavior).toMatchObject({
    scaleUp: { stabilizationWindowSeconds: 10, policies: [{ periodSeconds: 20 }] },
    scaleDown: { stabilizationWindowSeconds: 100, policies: [{ periodSeconds: 20 }] },
  });
});

test('the shop has a load balancer, or an ingress, or neither, as shoppers come', async () => {
  const typesOf = (manifests: Manifest[]) => ofKind(manifests, 'Service').map(({ spec }) => spec.type);
  expect(typesOf(await stamped())).toContain('LoadBalancer');
  expect(ofKind(await stamped(), 'Ingress')).toEqual([]);
  const inside = await stamped({ reach: 'cluster-ip' });
  expect(typesOf(inside)).not.toContain('LoadBalancer');
  const byName = await stamped({ reach: 'ingress', ingress: { host: 'shop.test', className: 'traefik' } });
  expect(typesOf(byName)).not.toContain('LoadBalancer');
  expect(ofKind(byName, 'Ingress')[0]?.spec).toMatchObject({
    ingressClassName: 'traefik',
    rules: [{ host: 'shop.test' }],
  });
});

test("the shop's service, and no other, has the port of the nodes that the settings name", async () => {
  const portsIn = async (changed: Partial<ClusterSettings>) =>
    ofKind(await stamped(changed), 'Service').flatMap(({ metadata, spec }) =>
      spec.ports.flatMap((port: { nodePort?: number }) =>
        port.nodePort ? [`${metadata?.name} ${port.nodePort}`] : [],
      ),
    );
  expect(await portsIn({ nodePort: 30_080 })).toEqual(['storefront 30080']);
  expect(await portsIn({})).toEqual([]);
});
