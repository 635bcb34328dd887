import type { Notice } from '../model/notice.ts';
import { clean } from '../report/clean.ts';
import { icons } from '../report/markdown.ts';
import { outcomeWords } from '../report/outcome-words.ts';
import { cut, originText } from './words.ts';

/** What Slack takes in a header, and in a section. */
const most = { header: 150, section: 3_000 };
const mostItem = 240;

/** A notice as Slack's Block Kit. An incoming webhook takes no file, so that the picture is a link. */
export function slackMessage(notice: Notice): object {
  const { outcome, title, headline, lookAt, items, itemsLeftOut, reportUrl, pictureUrl } = notice;
  const heading = `${outcomeWords[outcome]}: ${title}`;
  const links = [
    ...(reportUrl === null ? [] : [`<${reportUrl}|Report>`]),
    ...(pictureUrl === null ? [] : [`<${pictureUrl}|Timeline>`]),
  ];
  const list = items.map(
    (item) =>
      `${item.outcome === null ? '·' : icons[item.outcome]} *${escaped(item.title)}* ${escaped(cut(item.message, mostItem))}`,
  );
  const more = itemsLeftOut === 0 ? [] : [`and ${itemsLeftOut} more`];
  return {
    text: escaped(cut(`${heading}. ${headline}`, most.section)),
    blocks: [
      { type: 'header', text: { type: 'plain_text', text: cut(clean(heading), most.header) } },
      section(escaped(headline)),
      ...(lookAt === null ? [] : [section(`:rotating_light: *Look at the platform:* ${escaped(lookAt)}`)]),
      ...(list.length === 0 ? [] : [section([...list, ...more].join('\n'))]),
      ...(links.length === 0 ? [] : [section(links.join('  ·  '))]),
      { type: 'context', elements: [{ type: 'mrkdwn', text: escaped(cut(originText(notice), most.section)) }] },
    ],
  };
}

const section = (text: string): object => ({
  type: 'section',
  text: { type: 'mrkdwn', text: cut(text, most.section) },
});

/** The three characters that Slack has escaped: `<!channel>` would call everybody. */
const escaped = (text: string): string =>
  clean(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
