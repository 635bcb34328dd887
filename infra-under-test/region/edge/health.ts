import { constants } from '../constants.ts';

/** What is known of a target's health. A target that was never healthy is admitted by its first passing check. */
export interface Health {
  state: 'initial' | 'healthy' | 'unhealthy';
  admitted: boolean;
  /** Consecutive checks with the result of the last one. */
  passes: number;
  failures: number;
}

export const unchecked: Health = { state: 'initial', admitted: false, passes: 0, failures: 0 };

/** Health after one more check, by the thresholds of `constants.ts`. */
export function afterCheck(health: Health, passed: boolean): Health {
  return passed ? afterPass(health) : afterFailure(health);
}

function afterPass({ state, admitted, passes }: Health): Health {
  const counted = passes + 1;
  const recovered = state === 'healthy' || !admitted || counted >= constants.healthyAfterPasses;
  return { state: recovered ? 'healthy' : state, admitted: admitted || recovered, passes: counted, failures: 0 };
}

function afterFailure({ state, admitted, failures }: Health): Health {
  const counted = failures + 1;
  return {
    state: counted >= constants.unhealthyAfterFailures ? 'unhealthy' : state,
    admitted,
    passes: 0,
    failures: counted,
  };
}
