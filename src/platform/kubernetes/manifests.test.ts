import { expect, test } from 'vitest';
import type { ClusterSettings } from '../../model/cluster-settings.ts';
import { type Manifest, manifestsFor, readManifests, runLabel } from './manifests.ts';

const settings: ClusterSettings = {
  context: 'a',
  images: { storefront: 'registry.example/storefront:7' },
  reach: 'load-balancer',
  podNetwork: false,
  timeScale: 1,
  peakPods: 6,
};
const wish = { runId: 'run-1', namespace: 'tenfold-run-1', without: [], pods: undefined };

const stamped = async (
  changed: Partial<ClusterSettings> = {},
  more: Partial<typeof wish | { pods: number; without: string[] }> = {},
) => manifestsFor(await readManifests(), { ...wish, ...more }, { ...settings, ...changed });
const ofKind = (manifests: Manifest[], kind: string) => manifests.filter((manifest) => manifest.kind === kind);

test('every object of a run is in its namespace and carries its label, pods too', async () => {
  const manifests = await stamped();
  for (const { metadata } of manifests) {
    expect(metadata?.namespace).toBe('tenfold-run-1');
    expect(metadata?.labels?.[runLabel]).toBe('run-1');
  }
  for (const { spec } of [...ofKind(manifests, 'Deployment'), ...ofKind(manifests, 'Job')]) {
    expect(spec.template.metadata.labels[runLabel]).toBe('run-1');
    expect(spec.template.spec.containers[0].image).toBe('registry.example/storefront:7');
  }
});

test('passwords are others each time, and what is in the files is left as it is', async () => {
  const passwords = async () =>
    ofKind(await stamped(), 'Secret').map(({ stringData }) => stringData.password as string);
  const all = [...(await passwords()), ...(await passwords())];
  expect(new Set(all).size).toBe(4);
  expect(all).not.toContain('change-me');
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

test('protections of the shop are switched off where its tables are made, and where it runs', async () => {
  const manifests = await stamped({}, { without: ['timeouts', 'idempotent-orders'] });
  for (const { spec } of [...ofKind(manifests, 'Deployment'), ...ofKind(manifests, 'Job')])
    expect(spec.template.spec.containers[0].env).toContainEqual({
      name: 'WITHOUT',
      value: 'timeouts,idempotent-orders',
    });
});

test('a shop that is scaled out starts with all its pods', async () => {
  const [scaledOut] = ofKind(await stamped({}, { pods: 6 }), 'HorizontalPodAutoscaler');
  expect(scaledOut?.spec).toMatchObject({ minReplicas: 6, maxReplicas: 20 });
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
