import type { Finding } from '../../model/verdict.ts';
import { type FindingKind, kindOf } from '../finding-kinds.ts';
import { standingOf, worstFirst } from '../outcome-words.ts';
import type { ReportInput } from '../report-input.ts';
import { badge, type Markup, markup, section } from './markup.ts';

const sectionOf: Record<FindingKind, string> = {
  Peak: 'trust',
  Fault: 'trust',
  Recovery: 'recovery',
  Latency: 'latency',
  'Failed calls': 'failures',
  Orders: 'orders',
  Sessions: 'orders',
  Capacity: 'capacity',
  'Error budget': 'budget',
  Trust: 'trust',
};

/** Every finding, worst first, each with its numbers in a sentence and a link to its section. */
export function findingsSection({ verdict }: ReportInput): Markup {
  if (verdict.findings.length === 0) return section('findings', 'Findings', markup`<p>None: nothing was judged.</p>`);
  return section(
    'findings',
    'Findings',
    markup`
    <table class="findings">
      <thead><tr><th scope="col">Outcome</th><th scope="col">Finding</th></tr></thead>
      <tbody>${worstFirst(verdict.findings).map(row)}</tbody>
    </table>`,
  );
}

const row = (finding: Finding): Markup => markup`
  <tr><td>${badge(standingOf(finding))}</td>
  <td class="finding"><a href="#${sectionOf[kindOf(finding)]}">${finding.title}</a><p>${finding.message}</p></td></tr>`;
