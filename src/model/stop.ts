import { z } from 'zod';
import { readingSchema } from './reading.ts';

/**
 * When a drill ends early. Over the last seconds (`windowMs`), `error-ratio` is the share of calls that failed, and `orders` the
 * share of the expected orders that were placed; `burn` is the share of the error budget's window that the run has burned.
 */
export const liveMeasures = ['error-ratio', 'orders', 'burn'] as const;
export type LiveMeasure = (typeof liveMeasures)[number];

/** Failing is loud: a measure that cannot be read for this long stops the drill. */
export const unreadableMs = 3_000;
/** How far back a measure of calls looks. */
export const windowMs = 5_000;

export interface LiveCondition {
  measure: LiveMeasure;
  is: 'above' | 'below';
  than: number;
}

const pattern = /^\s*(error-ratio|burn|orders)\s*([<>])\s*(\d+(?:\.\d+)?)\s*(%?)\s*$/;
const wanted = 'must be such as error-ratio > 0.3, orders < 50 % or burn > 10 %';

/** A condition from its text; undefined when the text is none. */
export function liveConditionOf(text: string): LiveCondition | undefined {
  const [, measure, sign, number, percent] = pattern.exec(text) ?? [];
  if (measure === undefined) return undefined;
  const than = Number(number) / (percent === '%' ? 100 : 1);
  return { measure: measure as LiveMeasure, is: sign === '>' ? 'above' : 'below', than };
}

export const liveConditionSchema = z
  .string()
  .refine((text) => liveConditionOf(text) !== undefined, { error: wanted })
  .transform((text) => liveConditionOf(text) as LiveCondition);

/** A user's own number: from a command or from Prometheus. */
export const readConditionSchema = z
  .strictObject({
    name: z.string().min(1),
    read: readingSchema,
    above: z.number().optional(),
    below: z.number().optional(),
  })
  .refine(({ above, below }) => (above === undefined) !== (below === undefined), {
    error: 'must have one of above and below',
  });

export const stopConditionSchema = z.union([liveConditionSchema, readConditionSchema]);
export type StopCondition = z.infer<typeof stopConditionSchema>;
export type ReadCondition = z.infer<typeof readConditionSchema>;

export const isLive = (condition: StopCondition): condition is LiveCondition => 'measure' in condition;

const percent = (share: number): string => `${Number((share * 100).toFixed(2))} %`;

/** In words, for plans and reports. */
export function conditionText(condition: StopCondition): string {
  if (isLive(condition))
    return `${condition.measure} ${condition.is === 'above' ? '>' : '<'} ${percent(condition.than)}`;
  return `${condition.name} ${condition.above === undefined ? `below ${condition.below}` : `above ${condition.above}`}`;
}

/** Whether a value meets a condition. */
export function isMet(condition: StopCondition, value: number): boolean {
  if (isLive(condition)) return condition.is === 'above' ? value > condition.than : value < condition.than;
  return condition.above === undefined ? value < (condition.below as number) : value > condition.above;
}
