import { days, type Freeze } from '../model/guards.ts';
import type { Guard } from './guarded.ts';

const everyMs = 60_000;

/** No drill begins in a freeze, or runs into one. */
export const freeze: Guard = ({ guards, atMs, lastsMs }) => {
  const guard = 'freeze calendar';
  if (guards.freezes.length === 0) return undefined;
  for (let at = atMs; at < atMs + lastsMs + everyMs; at += everyMs) {
    const found = guards.freezes.find((one) => isFrozen(one, at));
    if (found)
      return {
        guard,
        allows: false,
        message: `${at === atMs ? 'there is a freeze' : 'the drill would run into a freeze'}: ${found.why} (${wordsOf(found)})`,
        remedy: 'wait until it is over',
      };
  }
  return { guard, allows: true, message: 'no freeze now, nor while the drill lasts' };
};

const wordsOf = (freeze: Freeze): string =>
  'days' in freeze
    ? `${freeze.days.join(', ')} ${freeze.hours.join('-')}, ${freeze.timeZone}`
    : `${freeze.from} to ${freeze.to}, ${freeze.timeZone}`;

/** Whether an instant is within a freeze, by the clock of its time zone. */
export function isFrozen(freeze: Freeze, atMs: number): boolean {
  const { day, date, time } = localTime(atMs, freeze.timeZone);
  if (!('days' in freeze)) {
    const now = `${date}T${time}`;
    return now >= freeze.from && (now <= freeze.to || now.startsWith(freeze.to));
  }
  const [from, to] = freeze.hours;
  const isDay = (of: number) => freeze.days.includes(days[(of + 7) % 7] as (typeof days)[number]);
  if (from < to) return isDay(day) && time >= from && time < to;
  // Across midnight: it belongs to the day on which it begins.
  return (isDay(day) && time >= from) || (isDay(day - 1) && time < to);
}

function localTime(atMs: number, timeZone: string): { day: number; date: string; time: string } {
  const parts = Object.fromEntries(
    new Intl.DateTimeFormat('en-CA', {
      timeZone,
      hourCycle: 'h23',
      weekday: 'short',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
    })
      .formatToParts(atMs)
      .map(({ type, value }) => [type, value]),
  );
  return {
    day: days.indexOf((parts.weekday ?? '').slice(0, 3).toLowerCase() as (typeof days)[number]),
    date: `${parts.year}-${parts.month}-${parts.day}`,
    time: `${parts.hour}:${parts.minute}`,
  };
}
