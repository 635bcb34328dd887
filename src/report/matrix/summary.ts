import { type Matrix, type MatrixCell, outcomeOfState } from '../../model/matrix.ts';
import { escapeMarkdown, fenced, icons, judged, origin, table } from '../markdown.ts';
import { byDrill, matrixHeadline, platformOf, stateWords } from './words.ts';

/** GitHub-flavoured Markdown for the page of a CI job. */
export function matrixSummary(matrix: Matrix): string {
  const sections = [
    `## ${judged(matrix.outcome)}: each drill against the protections that it guards`,
    escapeMarkdown(matrixHeadline(matrix)),
    ...byDrill(matrix).flatMap(({ drill, title, cells }) => [
      `### ${escapeMarkdown(drill)}: ${escapeMarkdown(title)}`,
      table(['Platform', 'Result', 'By', 'What was seen', 'Run'], cells.map(row)),
    ]),
    '### Run it again',
    fenced(matrix.command, 'sh'),
    `<sub>${escapeMarkdown(origin({ ...matrix, runId: matrix.id }))}</sub>`,
  ];
  return `${sections.join('\n\n')}\n`;
}

const row = (cell: MatrixCell): string[] => [
  escapeMarkdown(platformOf(cell)),
  `${icons[outcomeOfState[cell.state]]} ${stateWords[cell.state]}`,
  cell.finding === null ? 'any finding' : `\`${cell.finding.replaceAll('`', '')}\``,
  escapeMarkdown(cell.reason),
  cell.run === null ? '' : `\`${cell.run.folder}\``,
];
