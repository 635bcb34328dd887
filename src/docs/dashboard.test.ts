import { expect, test } from 'vitest';
import { metricNames, seriesNameOf } from '../export/catalogue.ts';
import { dashboard } from './dashboard.ts';

interface Panel {
  id: number;
  gridPos: { x: number; y: number; w: number; h: number };
  targets: { refId: string; expr: string }[];
}
const { panels, templating } = JSON.parse(JSON.stringify(dashboard())) as {
  panels: Panel[];
  templating: { list: { name: string }[] };
};

test('every metric that is asked for is one that there is, and nearly all that there are can be seen', () => {
  const text = JSON.stringify(dashboard());
  const asked = new Set(text.match(/tenfold_\w+/g));
  const known = new Set(metricNames.map(seriesNameOf));
  expect(asked.difference(known)).toEqual(new Set());
  expect(known.difference(asked)).toEqual(new Set(['tenfold_running', 'tenfold_recovery_objective_seconds']));
});

test('every variable that is used is one that can be chosen', () => {
  const own = new Set(['__range']);
  const used = JSON.stringify(dashboard()).matchAll(/\$\{?(\w+)/g);
  const names = new Set(templating.list.map(({ name }) => name));
  for (const [, name = ''] of used) expect(own.has(name) || names.has(name), name).toBe(true);
});

test('panels have ids of their own, and lie beside each other', () => {
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
    Array.from({ length: w * h }, (_, at) => `${x + (at % w)} ${y + Math.floor(at / w)}`),
  );
  expect(new Set(cells).size).toBe(cells.length);
  for (const { gridPos } of panels) expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
  for (const { targets } of panels) expect(new Set(targets.map(({ refId }) => refId)).size).toBe(targets.length);
});
