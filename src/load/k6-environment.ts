/** What k6 and the shell that starts it need; TENFOLD_ is tenfold's own. */
const needed = /^(PATH|HOME|TMPDIR|TENFOLD_.*)$/;
/** What k6 or Go take for theirs, whoever names it: `secrets` of a config may name a proxy that its commands use. */
const actsOnK6 = /^(K6_.*|GODEBUG|GOMEMLIMIT|.*_PROXY)$/i;

/**
 * All that k6 learns of the environment. A list of what it may know, because what it must not know has no end: K6_* change
 * the load, a proxy stands in for the shop, GODEBUG changes the protocol.
 * @param variables names of those that the script reads.
 */
export const k6Environment = (
  variables: readonly string[] = [],
  environment: Record<string, string | undefined> = process.env,
): Record<string, string> =>
  Object.fromEntries(
    Object.entries(environment).filter(
      (entry): entry is [string, string] =>
        entry[1] !== undefined && (needed.test(entry[0]) || (variables.includes(entry[0]) && !actsOnK6.test(entry[0]))),
    ),
  );
