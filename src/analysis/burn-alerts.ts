import type { BurnAlertFact } from '../model/facts.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** The multi-window, multi-burn-rate alerts of Google's SRE Workbook, "Alerting on SLOs". */
const alerts = [
  { severity: 'page', longMs: hourMs, shortMs: 5 * minuteMs, burnRate: 14.4 },
  { severity: 'page', longMs: 6 * hourMs, shortMs: 30 * minuteMs, burnRate: 6 },
  { severity: 'ticket', longMs: 24 * hourMs, shortMs: 2 * hourMs, burnRate: 3 },
  { severity: 'ticket', longMs: 72 * hourMs, shortMs: 6 * hourMs, burnRate: 1 },
] as const;

/** Calls that ended in one second, and the bad ones among them. */
export interface Second {
  calls: number;
  bad: number;
}

/**
 * An alert fires once the burn over both its long and its short window has reached its rate, checked every second. The
 * time before the run counts as traffic at the baseline rate without a bad call.
 */
export function burnAlerts(
  seconds: Second[],
  startMs: number,
  baselineRatePerSecond: number,
  budget: number,
): BurnAlertFact[] {
  const upTo: Second[] = [{ calls: 0, bad: 0 }];
  for (const { calls, bad } of seconds) {
    const last = upTo.at(-1) as Second;
    upTo.push({ calls: last.calls + calls, bad: last.bad + bad });
  }
  const burnAt = (elapsed: number, windowMs: number): number => {
    const now = upTo[elapsed] as Second;
    const from = upTo[Math.max(0, elapsed - windowMs / 1000)] as Second;
    const callsBefore = Math.max(0, windowMs / 1000 - elapsed) * baselineRatePerSecond;
    return (now.bad - from.bad) / (now.calls - from.calls + callsBefore) / budget;
  };
  return alerts.map((alert) => {
    const burns = seconds.map((_, i) => Math.min(burnAt(i + 1, alert.longMs), burnAt(i + 1, alert.shortMs)));
    const firing = burns.findIndex((burn) => burn >= alert.burnRate);
    return {
      ...alert,
      highestBurn: burns.reduce((most, burn) => Math.max(most, burn), 0),
      firedAtMs: firing === -1 ? null : startMs + (firing + 1) * 1000,
    };
  });
}
