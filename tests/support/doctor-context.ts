import { profiles } from '../../scenarios/traffic/profiles.ts';
import type { Context, Site } from '../../src/doctor/check.ts';
import { contextOf } from '../../src/doctor/context.ts';
import type { Profile } from '../../src/model/profile.ts';
import type { Target } from '../../src/model/target.ts';

const nothing: Target = {
  name: 'local',
  capabilities: new Set(),
  protections: [],
  inventory: async () => ({ zones: [], nodes: [], databaseInstances: [] }),
  standUp: async () => {
    throw new Error('a doctor stands nothing up');
  },
};

/** Where drills would run, by default on a platform that nobody uses. */
export const testSite = (changed: Partial<Target> = {}): Site => ({
  target: { ...nothing, ...changed },
  profile: profiles.smoke as Profile,
  platform: 'local-of-a-test',
});

export const testContext = (changed: Partial<Parameters<typeof contextOf>[0]> = {}): Context =>
  contextOf({
    environment: {},
    standsUp: true,
    reportsFolder: '/',
    site: async () => testSite(),
    keptUpAt: async () => undefined,
    ...changed,
  });
