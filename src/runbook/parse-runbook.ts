import { marked, type Token, type Tokens } from 'marked';
import { type Moment, moments } from '../model/moments.ts';
import type { Runbook, RunbookBlock, RunbookStep } from '../model/runbook.ts';

const longestTitle = 100;

interface Draft {
  titles: string[];
  steps: RunbookStep[];
  problems: string[];
  /** Where the reading is. */
  moment: Moment | undefined;
  step: RunbookStep | undefined;
}

/**
 * Reads a runbook: `# title`, then a `## moment` for each moment that has steps, each step a `###` heading with what to do below it.
 * All that is wrong with it is in `problems`.
 */
export function parseRunbook(text: string): Pick<Runbook, 'title' | 'steps'> & { problems: string[] } {
  const draft: Draft = { titles: [], steps: [], problems: [], moment: undefined, step: undefined };
  for (const token of marked.lexer(text)) {
    if (isHeading(token)) takeHeading(draft, token);
    else if (token.type !== 'space') takeBlock(draft, token);
  }
  const { titles, steps, problems } = draft;
  if (titles.length !== 1) problems.push('must have one # title');
  if (steps.length === 0) problems.push('has no step: a ### heading below a ## moment');
  for (const { title, blocks } of steps) if (blocks.length === 0) problems.push(`${title}: does not say what to do`);
  return { title: titles[0] ?? '', steps, problems };
}

const isHeading = (token: Token): token is Tokens.Heading => token.type === 'heading';

function takeHeading(draft: Draft, { depth, tokens, raw }: Tokens.Heading): void {
  const title = plain(tokens).trim();
  if (depth === 1) draft.titles.push(title);
  else if (depth === 2) takeMoment(draft, title);
  else if (depth === 3 && draft.moment !== undefined) takeStep(draft, title, draft.moment);
  else draft.problems.push(`${start(raw)} is a heading that has no place here`);
}

/** Moments come in the order of a drill. */
function takeMoment(draft: Draft, title: string): void {
  const moment = moments.find((one) => one === title.toLowerCase());
  const former = draft.moment === undefined ? -1 : moments.indexOf(draft.moment);
  if (moment === undefined || moments.indexOf(moment) <= former)
    draft.problems.push(`## ${title}: is no moment, or comes too late: ${moments.join(', ')}, in this order`);
  draft.moment = moment ?? draft.moment;
  draft.step = undefined;
}

function takeStep(draft: Draft, title: string, moment: Moment): void {
  const { steps, problems } = draft;
  const id = anchorOf(title);
  if (id === '' || title.length > longestTitle)
    problems.push(`### ${title}: must have 1 to ${longestTitle} characters`);
  if (steps.some((step) => step.id === id)) problems.push(`### ${title}: is there twice`);
  draft.step = { id, title, moment, blocks: [] };
  steps.push(draft.step);
}

/** What stands above the first moment says what the runbook is for. */
function takeBlock({ moment, step, problems }: Draft, token: Token): void {
  if (moment === undefined) return;
  const block = blockOf(token);
  if (step === undefined) problems.push(`${moment}: ${start(token.raw)} belongs to no step: give it a ### heading`);
  else if (block === undefined) problems.push(`${step.title}: ${start(token.raw)} is no paragraph, list or code`);
  else step.blocks.push(block);
}

function blockOf(token: Token): RunbookBlock | undefined {
  if (token.type === 'paragraph') return { kind: 'text', text: plain(token.tokens) };
  if (token.type === 'code') return { kind: 'code', text: token.text };
  if (token.type === 'list')
    return { kind: 'list', items: (token as Tokens.List).items.map(({ tokens }) => plain(tokens)) };
  return undefined;
}

/** What is written, without its marks but for those of code; the address of a link stands behind it. */
const plain = (tokens: readonly Token[] = []): string => tokens.map(plainOf).join('').replaceAll('\n', ' ');

function plainOf(token: Token): string {
  if (token.type === 'codespan') return `\`${token.text}\``;
  if (token.type === 'br') return ' ';
  const inner = 'tokens' in token && token.tokens ? plain(token.tokens) : 'text' in token ? String(token.text) : '';
  return token.type === 'link' && token.href !== inner ? `${inner} (${token.href})` : inner;
}

/** As GitHub makes it, so that a link to a step is a link to its heading. */
const anchorOf = (title: string): string =>
  title
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(/\s/g, '-');

const start = (raw: string): string => JSON.stringify(raw.trim().slice(0, 40));
