import { TenfoldError } from '../model/errors.ts';
import type { GuardAnswer } from '../model/guards.ts';
import { holderOf, holderText, isHeld } from '../safety/lock.ts';
import { lockPathOf } from '../safety/state.ts';
import type { Testbed } from './testbed.ts';

const guard = 'one drill at a time';

type Asked = Pick<Testbed, 'platform'> & { target: Pick<Testbed['target'], 'usedBy'> };

/** Whether a platform is free now: by the lock of this machine, and by that of its cluster, which other machines see too. Takes neither. */
export async function oneAtATime({ platform, target }: Asked): Promise<GuardAnswer> {
  const holder = await holderOf(lockPathOf(platform));
  if (holder !== undefined && isHeld(holder))
    return inUse(holderText(holder), platform, 'wait for it to end, or stop it: npm run tenfold -- stop');
  if (!target.usedBy) return { guard, allows: true, message: `${platform} is free on this machine` };
  try {
    const other = await target.usedBy();
    return other === undefined
      ? { guard, allows: true, message: `${platform} is free, and no drill from elsewhere holds its cluster` }
      : inUse(other, platform, 'wait for it to end, or stop it where it runs');
  } catch (error) {
    if (!(error instanceof TenfoldError)) throw error;
    return { guard, allows: false, message: error.message, ...(error.hint !== undefined && { remedy: error.hint }) };
  }
}

const inUse = (holder: string, platform: string, remedy: string): GuardAnswer => ({
  guard,
  allows: false,
  message: `${holder} is using ${platform}`,
  remedy,
});
