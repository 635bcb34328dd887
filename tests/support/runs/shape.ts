const zeroMs = Date.parse('2026-11-27T09:00:12.000Z');
export const at = (second: number): number => zeroMs + Math.round(second * 1000);

export const injectedS = 33.214;
/** The recovery objectives: the phase after recovery begins this long after the injection. */
export const recoveredAfterS = 30;
export const endS = 70;
/** From the injection to the end of the load. */
export const observedMs = (endS - injectedS) * 1000;
export const fingerprint = '5d1c3f0e9a7b4c2286e0f1d3a5b7c9e1f2a4b6c8d0e2f4a6b8c0d2e4f6a8b0c2';
export const command = 'npm run drill -- aurora-failover --profile laptop';

/** How the made-up runs differ. */
export interface Shape {
  /** Seconds from the injection to restored writes; null: they did not come back. */
  recoveryS: number | null;
  checkoutP99Ms: number;
  lost: number;
}
