import { unusedProxies } from '../runtime/way.ts';
import { authorityVariables, judgeAuthorities } from './authorities.ts';
import type { Answer, Check, Context } from './check.ts';

/** Variables by which other work tells Node, Go, AWS or PostgreSQL what to do, and what tenfold makes of them. */
interface Influence {
  names: (environment: Context['environment']) => string[];
  told: (names: string, context: Context) => Answer[] | Promise<Answer[]>;
}

const matching = (pattern: RegExp) => (environment: Context['environment']) =>
  Object.keys(environment)
    .filter((name) => environment[name] && pattern.test(name))
    .sort();

const ok = (message: string): Answer[] => [{ outcome: 'ok', message }];
const unset = (names: string): string => `unset ${names.replaceAll(',', '')}`;

const influences: Influence[] = [
  {
    names: unusedProxies,
    told: (names) => ok(`${names}: not used, because a proxy would be measured instead of the shop`),
  },
  {
    names: (environment) => authorityVariables.filter((name) => environment[name]),
    told: (_, { environment }) => judgeAuthorities(environment),
  },
  {
    names: (environment) => (environment.NODE_TLS_REJECT_UNAUTHORIZED === '0' ? ['NODE_TLS_REJECT_UNAUTHORIZED'] : []),
    told: (names, { standsUp }) =>
      standsUp
        ? ok(`${names}: nothing here uses TLS`)
        : [
            {
              outcome: 'warning',
              message: `${names} is 0: the shop's certificate is still checked, a database's is not`,
              remedy: unset(names),
            },
          ],
  },
  {
    names: matching(/^(NODE_OPTIONS|NODE_DEBUG|NODE_DEBUG_NATIVE|NODE_V8_COVERAGE)$/),
    told: (names) => [
      {
        outcome: 'warning',
        message: `${names}: affects tenfold itself, on the machine that it measures; the programs that it starts do not get it`,
        remedy: unset(names),
      },
    ],
  },
  {
    names: matching(/^(K6_(?!PATH$).*|GODEBUG|GOGC|GOMEMLIMIT|GOMAXPROCS)$/),
    told: (names) => ok(`${names}: kept from k6, which gets only what tenfold sets`),
  },
  {
    names: matching(/^AWS_/),
    told: (names, { standsUp }) =>
      standsUp
        ? ok(`${names}: not used, the pocket region has its own endpoint, region and keys`)
        : ok(`${names}: no AWS endpoint is called`),
  },
  {
    names: matching(/^PG[A-Z]+$/),
    told: (names, { standsUp }) =>
      standsUp
        ? ok(`${names}: not used, the pocket region says how to reach its databases`)
        : [
            {
              outcome: 'warning',
              message: `${names}: fills in what the config leaves out where orders are read back by SQL`,
              remedy: `${unset(names)}, or set all of it in the config`,
            },
          ],
  },
];

/** Names alone are told: a proxy's address may hold a password. */
export const surroundings: Check = {
  id: 'surroundings',
  title: 'Variables',
  async run(context) {
    const answers: Answer[] = [];
    for (const { names, told } of influences) {
      const found = names(context.environment);
      if (found.length > 0) answers.push(...(await told(found.join(', '), context)));
    }
    if (answers.length > 0) return answers;
    return ok('none is set that affects Node, k6, AWS or PostgreSQL');
  },
};
