/**
 * What right answers of the shop under test contain. Nine in ten are pages, which are read as text: parsing them would
 * cost a load generator more than sending the requests. Imports nothing from outside: k6 reads this file too.
 */
import { linesText, type OrderLine } from './order-lines.ts';

export const pageSize = 24;

/** Popular products, from 1 on: what the sentinel asks for, and shoppers more often than for others. */
export const popularProducts = 50;

/** How an item of a tenant's catalogue begins: its article number names the tenant. */
const itemOf = (tenant: string, id: number): string => `{"id":${id},"sku":"${tenant}-${id}",`;

/** The product that was asked for, of this tenant. */
export const isProduct = (text: string, tenant: string, id: number): boolean => text.startsWith(itemOf(tenant, id));

/** A full page of the catalogue, whose ids start at 1: the first and the last item are known. */
export function isPage(text: string, tenants: Tenants, page: number): boolean {
  const last = page * pageSize;
  return (
    text.startsWith(`{"items":[${itemOf(tenants.own, last - pageSize + 1)}`) &&
    text.includes(itemOf(tenants.own, last)) &&
    text.includes(`"page":${page},`) &&
    isFree(text, tenants)
  );
}

/** Items of this tenant, found by a word in their names or categories. */
export const isSearch = (text: string, tenants: Tenants, word: string): boolean =>
  text.startsWith('{"items":[{"id":') &&
  text.includes(`"sku":"${tenants.own}-`) &&
  // A name has it capitalised, a category does not.
  (text.includes(word) || text.includes(word.charAt(0).toUpperCase() + word.slice(1))) &&
  isFree(text, tenants);

export interface Tenants {
  own: string;
  all: string[];
}

/** Free of other tenants' items. */
const isFree = (text: string, { own, all }: Tenants): boolean =>
  all.every((tenant) => tenant === own || !text.includes(`"sku":"${tenant}-`));

/** The shopper's own name. */
export const isSession = (text: string, name: string): boolean => jsonOf(text)?.name === name;

/** What a cart or an order says. */
export interface Bill {
  /** A cart's id, or an order's key. */
  name: unknown;
  lines: string;
  totalCents: number;
  /** What its lines cost together. */
  sumCents: number;
}

/** Null unless it has lines with prices and a total, all in whole numbers. */
export function billOf(text: string): Bill | null {
  const { id, key, lines, totalCents } = jsonOf(text) ?? {};
  if (!Array.isArray(lines) || !lines.every(isPriced) || !isWhole(totalCents)) return null;
  const sumCents = lines.reduce((sum, { quantity, priceCents }) => sum + quantity * priceCents, 0);
  return { name: key ?? id, lines: linesText(lines), totalCents, sumCents };
}

const isWhole = (value: unknown): value is number => Number.isSafeInteger(value);

function isPriced(line: unknown): line is OrderLine & { priceCents: number } {
  const { productId, quantity, priceCents } = (line ?? {}) as Record<string, unknown>;
  return isWhole(productId) && isWhole(quantity) && isWhole(priceCents);
}

export interface Asked {
  name: string;
  lines: string;
  /** The price that the shopper was told before; null: none. */
  totalCents: number | null;
}

/** Its name and its lines are as asked for, and its prices add up. */
export const isBill = (bill: Bill | null, asked: Asked): bill is Bill =>
  bill !== null &&
  bill.name === asked.name &&
  bill.lines === asked.lines &&
  bill.totalCents > 0 &&
  bill.totalCents === bill.sumCents &&
  (asked.totalCents === null || bill.totalCents === asked.totalCents);

function jsonOf(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' ? (value as Record<string, unknown> | null) : null;
  } catch {
    return null;
  }
}
