import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadDrills } from '../cli/load-drill.ts';
import { folders } from '../cli/wire.ts';
import { rootFolder } from '../runtime/processes.ts';
import { parseRunbook } from './parse-runbook.ts';
import { readRunbook } from './read-runbook.ts';

const folder = join(rootFolder, 'docs', 'runbooks');
const files = (await readdir(folder)).sort();

test('each runbook belongs to a drill, and the main drills have one', async () => {
  const drills = await loadDrills(folders.scenarios);
  const named = new Set(drills.map(({ runbook }) => runbook?.file));
  expect(files.map((file) => `docs/runbooks/${file}`).filter((file) => !named.has(file))).toEqual([]);
  const main =
    'aurora-failover az-outage node-loss spot-eviction bad-deploy black-friday redis-away database-unreachable';
  for (const name of main.split(' ')) expect(drills.find((drill) => drill.name === name)?.runbook, name).toBeDefined();
});

test.each(files)('%s says what to do, when to call somebody, and how to tell that it is over', async (file) => {
  const { steps } = await readRunbook(join(folder, file), file);
  const titles = (moment: string) => steps.filter((step) => step.moment === moment).map(({ title }) => title);
  expect([...titles('peak'), ...titles('fault')].some((title) => title.startsWith('Escalate'))).toBe(true);
  expect(titles('recovered')).not.toEqual([]);
  expect(steps.some(({ blocks }) => blocks.some(({ kind }) => kind === 'code'))).toBe(true);
});

test('a step is its heading, with what stands below it, up to the next one', () => {
  const { title, steps, problems } = parseRunbook(`# It is *gone*

Why, for readers.

## Before

### Note \`A\`, and "B"

Look at [the board](https://board.example/1), **now**.
Then go on.

- one
- \`two\`

\`\`\`sh
# no heading
kubectl get pods
\`\`\`

## Fault

### Call

Them.
`);
  expect(problems).toEqual([]);
  expect(title).toBe('It is gone');
  expect(steps).toEqual([
    {
      id: 'note-a-and-b',
      title: 'Note `A`, and "B"',
      moment: 'before',
      blocks: [
        { kind: 'text', text: 'Look at the board (https://board.example/1), now. Then go on.' },
        { kind: 'list', items: ['one', '`two`'] },
        { kind: 'code', text: '# no heading\nkubectl get pods' },
      ],
    },
    { id: 'call', title: 'Call', moment: 'fault', blocks: [{ kind: 'text', text: 'Them.' }] },
  ]);
});

test.each([
  ['nothing', '', /must have one # title[\s\S]*has no step/],
  ['two titles', '# A\n# B\n## Fault\n### C\nd\n', /must have one # title/],
  ['a moment that there is not', '# A\n## Panic\n### C\nd\n', /## Panic: is no moment/],
  [
    'moments in another order',
    '# A\n## Fault\n### C\nd\n## Before\n### E\nf\n',
    /## Before: is no moment, or comes too late/,
  ],
  ['a moment twice', '# A\n## Fault\n### C\nd\n## Fault\n### E\nf\n', /## Fault: is no moment, or comes too late/],
  ['a step twice', '# A\n## Fault\n### C\nd\n### C\ne\n', /### C: is there twice/],
  ['a step that says nothing', '# A\n## Fault\n### C\n### D\ne\n', /C: does not say what to do/],
  ['a step before any moment', '# A\n### C\nd\n', /"### C" is a heading that has no place here/],
  ['text that belongs to no step', '# A\n## Fault\nx\n### C\nd\n', /fault: "x" belongs to no step/],
  ['a table', '# A\n## Fault\n### C\n\n| a | b |\n| - | - |\n| c | d |\n', /is no paragraph, list or code/],
  ['HTML', '# A\n## Fault\n### C\n\n<script>alert(1)</script>\n', /is no paragraph, list or code/],
])('%s is refused', (_, text, problem) => {
  expect(parseRunbook(text).problems.join('\n')).toMatch(problem);
});

test('all that is wrong with a file is told at once, with its name', async () => {
  const path = join(await mkdtemp(join(tmpdir(), 'tenfold-runbook-')), 'x.md');
  await writeFile(path, '# A\n## Panic\n### C\n');
  await expect(readRunbook(path, 'docs/x.md')).rejects.toThrow(/docs\/x.md is not a runbook:\n.*Panic[\s\S]*C/);
  await writeFile(path, 'x'.repeat(70_000));
  await expect(readRunbook(path, 'docs/x.md')).rejects.toThrow(/more than 65536 bytes/);
  await rm(join(path, '..'), { recursive: true });
  await expect(readRunbook(path, 'docs/x.md')).rejects.toThrow(/the runbook docs\/x.md cannot be read/);
});
