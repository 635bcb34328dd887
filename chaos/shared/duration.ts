import type { PlatformTime } from '../../src/model/span.ts';

const pattern = /^PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?$/;

/** A duration in AWS's format: PT8M, PT1H30M. It passes on the platform's clock. */
export function awsDuration(iso: string): PlatformTime {
  const [whole, hours = '0', minutes = '0', seconds = '0'] = pattern.exec(iso) ?? [];
  if (whole === undefined || whole === 'PT') throw new Error(`${iso} is not a duration such as PT8M`);
  return { platformMs: ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000 };
}

/** A duration in Go's format, in whole seconds: 90s. */
export const goDuration = (ms: number): string => `${Math.ceil(ms / 1000)}s`;
