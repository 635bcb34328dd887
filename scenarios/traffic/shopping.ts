/** What shoppers of the shop under test do and view, one thing at a time; the traffic scripts say who does it when. */
import http, { type RefinedResponse } from 'k6/http';
import { habits, patience } from '../../src/model/load-spec.ts';
import { linesText } from '../../src/model/order-lines.ts';
import {
  type Asked,
  billOf,
  isBill,
  isPage,
  isProduct,
  isSearch,
  pageSize,
  popularProducts,
} from '../../src/model/shop-answers.ts';
import { load, order, record, type Told, timed } from './contract.ts';
import { zipfRank } from './random.ts';

/** All of them name products or categories, so that each finds some. */
const words = ['lamp', 'desk', 'wool', 'oak', 'steel', 'brass', 'large', 'kitchen', 'garden', 'travel'];

/** Page views among all requests. */
export const viewShare = load.mix.list + load.mix.product + load.mix.search;

/** Bodies are checked: an answer with status 200 and something else in it is not right. */
type Page = RefinedResponse<'text'>;
export const limits = { timeout: patience.callMs, responseType: 'text' } as const;
const pageLimits = { timeout: patience.pageMs, responseType: 'text' } as const;

export const tenantOf = (random: () => number): string =>
  load.tenants[Math.floor(random() * load.tenants.length)] ?? '';

/** One page view: a list, a product or a search, as often as the mix has them. */
export function view(random: () => number): void {
  const pick = random() * viewShare;
  const own = tenantOf(random);
  const tenants = { own, all: load.tenants };
  const get = (path: string) => (): Page =>
    http.get(`${load.baseUrl}${path}`, { headers: { 'x-tenant': own }, ...pageLimits });
  if (pick < load.mix.list) {
    const page = zipfRank(random, 40);
    timed('list', 1, get(`/products?page=${page}&size=${pageSize}`), ({ body }) => isPage(body, tenants, page));
  } else if (pick < load.mix.list + load.mix.product) {
    const id = zipfRank(random, load.products);
    const more = id <= popularProducts ? {} : ({ probed: 'no' } as const);
    timed('product', 1, get(`/products/${id}`), ({ body }) => isProduct(body, own, id), more);
  } else {
    const word = words[zipfRank(random, words.length) - 1] as string;
    timed('search', 1, get(`/search?q=${word}`), ({ body }) => isSearch(body, tenants, word));
  }
}

/** One order: some via a cart, the others bought directly. @param key tells it from all other orders of the run. */
export function purchase(key: string, random: () => number): void {
  const headers = { 'x-tenant': tenantOf(random), 'content-type': 'application/json', 'idempotency-key': key };
  const lines = [{ productId: zipfRank(random, load.products), quantity: 1 + Math.floor(random() * 2) }];
  const asked: Asked = { name: key, lines: linesText(lines), totalCents: null };
  const body = JSON.stringify({ lines });
  const byCart = random() < load.mix.cart / load.mix.checkout;
  if (byCart) asked.totalCents = saveCart(asked, headers, body);
  // Some shoppers click twice.
  const clicks = random() < habits.doubleClickShare ? 2 : 1;
  const placing = { body, headers, asked };
  order(key, (attempt) => place(placing, attempt, attempt === 1 ? clicks : 1), random, asked.lines);
}

/**
 * What the cart costs, and so what the order must cost; null when no right answer said so. A cart that could not be
 * saved does not keep this shopper from buying: the order then carries its own lines.
 */
function saveCart(asked: Asked, headers: Record<string, string>, body: string): number | null {
  let told: number | null = null;
  const put = (): Page => http.put(`${load.baseUrl}/carts/${asked.name}`, body, { headers, ...limits });
  timed('cart', 1, put, (answer) => {
    const bill = billOf(answer.body);
    if (!isBill(bill, asked)) return false;
    told = bill.totalCents;
    return true;
  });
  return told;
}

interface Placing {
  body: string;
  headers: Record<string, string>;
  asked: Asked;
}

/** Sends an order once, or several times at once; returns the answers. */
function place({ body, headers, asked }: Placing, attempt: number, clicks: number): (Told & { status: number })[] {
  const request = { method: 'POST', url: `${load.baseUrl}/orders`, body, params: { headers, ...limits } } as const;
  const startMs = Date.now();
  const responses: Page[] = http.batch(Array.from({ length: clicks }, () => request));
  const clockMs = Date.now() - startMs;
  return responses.map((response, click) => {
    const { status } = response;
    const bill = status >= 200 && status < 300 ? billOf(response.body) : null;
    const right = isBill(bill, asked);
    // Requests beside the first click are not planned: they count as another attempt.
    record('checkout', attempt + click, response, clockMs, right);
    return { status, right, lines: bill?.lines, totalCents: bill?.totalCents };
  });
}
