const pattern = /^PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?$/;

/** Milliseconds of a duration as AWS writes it: PT8M, PT1H30M. */
export function durationMs(iso: string): number {
  const [whole, hours = '0', minutes = '0', seconds = '0'] = pattern.exec(iso) ?? [];
  if (whole === undefined || whole === 'PT') throw new Error(`${iso} is not a duration such as PT8M`);
  return ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
}
