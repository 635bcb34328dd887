/**
 * What makes one call slow makes those beside it slow: slow calls come in spells. Some hundred calls do not tell how long
 * spells are, and a few bad ones among many thousand tell it only by luck, so for a pass spells are taken to be no shorter
 * than this. A slow call of recorded runs sits in a spell of what comes in 80 ms (API) or 34 ms (checkout) on average;
 * docs/decisions/0009-autocorrelation.md says how this was chosen.
 */
const leastSpellMs = 50;

/** The fewest calls that a spell is taken to hold for a pass, by the rate at which they are made. */
export const leastSpell = (callsPerSecond: number): number => 1 + (callsPerSecond * leastSpellMs) / 1000;
