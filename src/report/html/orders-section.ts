import { formatCount } from '../format.ts';
import { measured } from '../measured.ts';
import type { ReportInput } from '../report-input.ts';
import { findingCard } from './finding-card.ts';
import { badge, type Markup, markup, section } from './markup.ts';

const meanings = {
  attempted: 'sent at least once',
  acknowledged: 'confirmed by the shop',
  rejected: 'refused by the shop for good',
  indeterminate: 'never answered: it may exist or not',
  persisted: 'read back from the database',
  lost: 'acknowledged, but not in the database',
  duplicated: 'more than one order for one key',
  wrong: 'in the database, but not as ordered or confirmed',
  recovered: 'never answered, but in the database',
  unexpected: 'in the database, but never sent',
} as const;

/** The ledger: what the shop promised against what the database holds. */
export function ordersSection({ verdict, facts }: ReportInput): Markup {
  return section(
    'orders',
    'Orders',
    markup`
    <div class="card">
      <h3>Acknowledged against persisted ${badge(verdict.orders.outcome)}</h3>
      <dl class="ledger">${Object.entries(meanings).map(
        ([name, meaning]) => markup`
        <div class="${name}"><dt>${name}</dt><dd><strong>${measured(verdict, `orders.${name}`, formatCount)}</strong>
        <span>${meaning}</span></dd></div>`,
      )}</dl>
      ${keyList('Lost', facts.orders?.lostKeys)}
      ${keyList('Duplicated', facts.orders?.duplicatedKeys)}
      ${keyList('Wrong', facts.orders?.wrongKeys)}
    </div>
    ${findingCard(verdict, 'Sessions')}`,
  );
}

function keyList(title: string, keys: string[] | undefined): Markup | null {
  if (keys === undefined || keys.length === 0) return null;
  return markup`<p class="keys">${title}, keys to look up (at most 20): ${keys.map((key) => markup`<code>${key}</code> `)}</p>`;
}
