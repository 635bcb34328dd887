import { readIfThere } from '../runtime/files.ts';
import { run } from '../runtime/processes.ts';
import type { Answer, Check } from './check.ts';

/** Ports of the pocket region's databases: `stablePort` of infra-under-test/region/database/operating-system.ts. */
const database = { first: 20_000, last: 32_000 };
/** The sentinel opens 25 connections a second, and a port rests for a minute. */
const ofSentinel = 1_500;
const linuxFile = '/proc/sys/net/ipv4/ip_local_port_range';
const usualLinuxRange = 'sysctl -w net.ipv4.ip_local_port_range="32768 60999"';

export interface PortRange {
  first: number;
  last: number;
}

/** The ports that connections go out from. */
export const ephemeralPorts: Check = {
  id: 'ephemeral-ports',
  title: 'Ports',
  async run(context) {
    const range = await rangeHere();
    if (range === undefined) return [{ outcome: 'unknown', message: 'this system does not report its port range' }];
    return [judgeRange(range, (await context.load()).virtualUsers, context.standsUp)];
  },
};

async function rangeHere(): Promise<PortRange | undefined> {
  const text =
    process.platform === 'linux'
      ? ((await readIfThere(linuxFile)) ?? '')
      : (await run('sysctl', ['-n', 'net.inet.ip.portrange.first', 'net.inet.ip.portrange.last'])).stdout;
  const [first, last] = text.trim().split(/\s+/).map(Number);
  return first && last ? { first, last } : undefined;
}

export function judgeRange({ first, last }: PortRange, virtualUsers: number, standsUp: boolean): Answer {
  const count = last - first + 1;
  // One that is used, and one that rests, for each.
  const needed = 2 * virtualUsers + ofSentinel;
  const has = `outgoing connections use ports ${first} to ${last}`;
  const remedy =
    process.platform === 'linux' ? `as root: ${usualLinuxRange}` : 'widen net.inet.ip.portrange with sysctl';
  if (count < needed)
    return {
      outcome: 'problem',
      message: `${has}; ${virtualUsers} virtual users need ${needed} of them`,
      remedy,
    };
  if (standsUp && first <= database.last && last >= database.first)
    return {
      outcome: 'warning',
      message: `${has}, which overlap those of the region's databases (${database.first} to ${database.last}): while one is down, another program may take its port`,
      remedy,
    };
  return { outcome: 'ok', message: `${has}; ${needed} are needed` };
}
