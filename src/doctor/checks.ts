import type { Check } from './check.ts';
import { clock } from './clock.ts';
import { descriptors } from './descriptors.ts';
import { disk } from './disk.ts';
import { ephemeralPorts } from './ephemeral-ports.ts';
import { headroom } from './headroom.ts';
import { k6 } from './k6.ts';
import { leftovers } from './leftovers.ts';
import { libraries } from './libraries.ts';
import { memory } from './memory.ts';
import { neighbours } from './neighbours.ts';
import { permissions } from './permissions.ts';
import { ports } from './ports.ts';
import { privileges } from './privileges.ts';
import { processes } from './processes.ts';
import { regions } from './regions.ts';
import { runtime } from './runtime.ts';
import { shop } from './shop.ts';
import { surroundings } from './surroundings.ts';

/** All checks, in the order in which they run and are told: a new one is a file beside this one, and a line here. */
export const checks: readonly Check[] = [
  runtime,
  libraries,
  k6,
  surroundings,
  permissions,
  privileges,
  disk,
  memory,
  processes,
  clock,
  ports,
  neighbours,
  headroom,
  descriptors,
  ephemeralPorts,
  leftovers,
  regions,
  shop,
];
