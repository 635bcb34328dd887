import type { ActionDefinition } from './action.ts';
import { ec2Actions } from './ec2.ts';
import { eksActions } from './eks.ts';
import { networkActions } from './network.ts';
import { rdsActions } from './rds.ts';
import { waitActions } from './wait.ts';

/** All actions of this region, by their ids. */
export const actions: ReadonlyMap<string, ActionDefinition> = new Map(
  Object.entries({ ...ec2Actions, ...eksActions, ...networkActions, ...rdsActions, ...waitActions }),
);
