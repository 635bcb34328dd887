import { childEnvironment } from '../runtime/child-environment.ts';

/** What k6 or Go take for theirs, whoever names it: `secrets` of a config may name a proxy that its commands use. */
const actsOnK6 = /^(K6_.*|GODEBUG|GOMEMLIMIT|.*_PROXY)$/i;

/**
 * All that k6 learns of the environment: K6_* change the load, a proxy stands in for the shop, GODEBUG changes the protocol.
 * @param variables names of those that the script reads.
 */
export const k6Environment = (
  variables: readonly string[] = [],
  environment?: Record<string, string | undefined>,
): Record<string, string> => childEnvironment((name) => variables.includes(name) && !actsOnK6.test(name), environment);
