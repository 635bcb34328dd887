import type { Notice } from '../model/notice.ts';
import type { Outcome } from '../model/verdict.ts';
import { clean } from '../report/clean.ts';
import { outcomeSigns, outcomeWords } from '../report/outcome-words.ts';
import { cut, originText } from './words.ts';

/** Teams refuses a message of more than 28 KB, picture included; some workflows from 25 KB on. */
const mostBytes = 24 * 1024;
const mostText = 500;
const colours: Record<Outcome, string> = { pass: 'Good', fail: 'Attention', inconclusive: 'Warning' };

/**
 * A notice as an Adaptive Card, for a workflow of Teams that posts what its webhook is sent.
 * @param pictures data URIs of the same picture, the largest first: the first that fits is shown
 */
export function teamsMessage(notice: Notice, pictures: readonly string[]): object {
  const bytesOf = (message: object): number => Buffer.byteLength(JSON.stringify(message));
  const shown = pictures.find((picture) => bytesOf(card(notice, picture)) <= mostBytes);
  return card(notice, shown);
}

function card(notice: Notice, picture: string | undefined): object {
  const { outcome, title, headline, lookAt, items, itemsLeftOut, reportUrl, pictureUrl } = notice;
  const body = [
    text(`${outcomeWords[outcome]}: ${title}`, { size: 'Large', weight: 'Bolder', color: colours[outcome] }),
    text(headline),
    ...(lookAt === null ? [] : [text(`Look at the platform: ${lookAt}`, { weight: 'Bolder', color: 'Attention' })]),
    ...(picture === undefined
      ? []
      : [{ type: 'Image', url: picture, altText: 'Requests, failures and latency over time' }]),
    ...items.map((item) =>
      text(
        `${item.outcome === null ? '·' : outcomeSigns[item.outcome]} **${escaped(item.title)}** ${escaped(item.message)}`,
        { spacing: 'Small' },
        true,
      ),
    ),
    ...(itemsLeftOut === 0 ? [] : [text(`and ${itemsLeftOut} more`, { spacing: 'Small' })]),
    text(originText(notice), { isSubtle: true, size: 'Small' }),
  ];
  const actions = [
    ...(reportUrl === null ? [] : [{ type: 'Action.OpenUrl', title: 'Report', url: reportUrl }]),
    ...(pictureUrl === null ? [] : [{ type: 'Action.OpenUrl', title: 'Timeline', url: pictureUrl }]),
  ];
  const content = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    msteams: { width: 'Full' },
    body,
    actions,
  };
  return {
    type: 'message',
    attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content }],
  };
}

const text = (words: string, style: object = {}, isMarkdown = false): object => ({
  type: 'TextBlock',
  text: cut(isMarkdown ? words : escaped(words), mostText),
  wrap: true,
  ...style,
});

/** Of Markdown, Teams reads emphasis, lists and links. */
const escaped = (words: string): string => clean(words).replaceAll(/[\\*_[\]`]/g, '\\$&');
