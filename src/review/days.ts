const dayMs = 24 * 3_600_000;

/** The first instant after a day. @param day YYYY-MM-DD, in UTC */
export const dayAfter = (day: string): string => addDays(`${day}T00:00:00.000Z`, 1);

/** @param instant ISO 8601 */
export const addDays = (instant: string, days: number): string =>
  new Date(Date.parse(instant) + days * dayMs).toISOString();

/** @param instant epoch ms */
export const dayOf = (instantMs: number): string => new Date(instantMs).toISOString().slice(0, 10);

/** Whether what began then is no older than evidence may be. @param instants ISO 8601 */
export const isFresh = (startedAt: string, freshDays: number, now: string): boolean =>
  addDays(startedAt, freshDays) > now;
