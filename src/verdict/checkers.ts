import type { Checker } from './checker.ts';
import { autoscaling } from './judge-autoscaling.ts';
import { availability } from './judge-availability.ts';
import { controlPlane } from './judge-control-plane.ts';
import { errorBudget } from './judge-error-budget.ts';
import { failures } from './judge-failures.ts';
import { fault } from './judge-fault.ts';
import { host } from './judge-host.ts';
import { instruments } from './judge-instruments.ts';
import { latency } from './judge-latency.ts';
import { orders } from './judge-orders.ts';
import { peak } from './judge-peak.ts';
import { problems } from './judge-problems.ts';
import { recovery } from './judge-recovery.ts';
import { refusal } from './judge-refusal.ts';
import { replicas } from './judge-replicas.ts';
import { restarts } from './judge-restarts.ts';
import { run } from './judge-run.ts';
import { sessions } from './judge-sessions.ts';
import { untouched } from './judge-untouched.ts';

/** Everything that is judged, in the order of a report. */
export const checkers: readonly Checker[] = [
  run,
  peak,
  fault,
  recovery,
  replicas,
  latency,
  failures,
  refusal,
  orders,
  sessions,
  autoscaling,
  availability,
  restarts,
  untouched,
  errorBudget,
  host,
  instruments,
  controlPlane,
  problems,
];

/** The ids of the findings by which a run of a plan will be judged, whatever it measures. */
export const plannedFindings = (plan: Parameters<Checker['findings']>[0]): string[] =>
  checkers.flatMap((checker) => checker.findings(plan));

/** What will be judged, one line per promise. */
export const plannedPromises = (plan: Parameters<Checker['promises']>[0]): string[] =>
  checkers.flatMap((checker) => checker.promises(plan));
