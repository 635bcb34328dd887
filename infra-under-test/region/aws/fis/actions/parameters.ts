import { durationMs } from '../durations.ts';
import type { ActionParameter } from './action.ts';

const minuteMs = 60_000;

/** An ISO 8601 duration between bounds in minutes, by default those of most actions: a minute to twelve hours. */
export function duration(description: string, { required = true, min = 1, max = 12 * 60 } = {}): ActionParameter {
  return {
    description,
    required,
    problem(value) {
      const ms = durationMs(value);
      if (ms === null) return 'must be a duration in the format of ISO 8601, such as PT5M';
      return ms < min * minuteMs || ms > max * minuteMs ? `must be between PT${min}M and PT${max}M` : null;
    },
  };
}

export function percentage(description: string, { required }: { required: boolean }): ActionParameter {
  return {
    description,
    required,
    problem: (value) => (/^[1-9]\d?$|^100$/.test(value) ? null : 'must be a whole number between 1 and 100'),
  };
}

export function truth(description: string): ActionParameter {
  return {
    description,
    required: false,
    problem: (value) => (['true', 'false'].includes(value) ? null : 'must be true or false'),
  };
}

/** Zone names, comma-separated. */
export function zoneList(description: string): ActionParameter {
  return {
    description,
    required: true,
    problem(value, region) {
      const zones = region.zones();
      const unknown = value.split(',').filter((zone) => !zones.includes(zone));
      return unknown.length > 0 ? `names no Availability Zone of ${region.region}: ${unknown.join(', ')}` : null;
    },
  };
}
