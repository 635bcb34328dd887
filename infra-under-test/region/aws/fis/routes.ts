import { Experiments } from './experiments.ts';
import { pageOf } from './pages.ts';
import type { FisRegion } from './region.ts';
import { SafetyLever } from './safety-lever.ts';
import { Tags } from './tags.ts';
import { Templates } from './templates.ts';
import {
  actionSummaries,
  actionView,
  experimentSummary,
  experimentView,
  resolvedTargetViews,
  resourceTypeSummaries,
  resourceTypeView,
  templateSummary,
  templateView,
} from './views.ts';

export interface Call {
  /** The variable part of the path. */
  id: string;
  query: URLSearchParams;
  body: unknown;
}

/** What a call answers. */
export type Handler = (call: Call) => object;

/** The calls of FIS over a region, by method and path. */
export function fisRoutes(region: FisRegion, tell: (message: string) => void): Record<string, Handler> {
  const templates = new Templates(region);
  const lever = new SafetyLever(region.region);
  const experiments = new Experiments({ region, templates, lever, tell });
  const tags = new Tags(() => [...templates.all(), ...experiments.all()]);
  return {
    ...templateRoutes(templates),
    ...experimentRoutes(experiments),
    'GET /actions': ({ query }) => listed('actions', actionSummaries(region.region), query),
    'GET /actions/:id': ({ id }) => ({ action: actionView(region.region, id) }),
    'GET /targetResourceTypes': ({ query }) => listed('targetResourceTypes', resourceTypeSummaries(), query),
    'GET /targetResourceTypes/:id': ({ id }) => ({ targetResourceType: resourceTypeView(id) }),
    'GET /safetyLevers/:id': ({ id }) => ({ safetyLever: lever.show(id) }),
    'PATCH /safetyLevers/:id/state': ({ id, body }) => ({ safetyLever: lever.update(id, body, experiments.active()) }),
    'GET /tags/:id': ({ id }) => ({ tags: tags.list(id) }),
    'POST /tags/:id': ({ id, body }) => {
      tags.add(id, body);
      return {};
    },
    'DELETE /tags/:id': ({ id, query }) => {
      tags.remove(id, query.getAll('tagKeys'));
      return {};
    },
  };
}

function templateRoutes(templates: Templates): Record<string, Handler> {
  return {
    'POST /experimentTemplates': ({ body }) => ({ experimentTemplate: templateView(templates.create(body)) }),
    'GET /experimentTemplates': ({ query }) =>
      listed('experimentTemplates', templates.all().map(templateSummary), query),
    'GET /experimentTemplates/:id': ({ id }) => ({ experimentTemplate: templateView(templates.get(id)) }),
    'PATCH /experimentTemplates/:id': ({ id, body }) => ({
      experimentTemplate: templateView(templates.update(id, body)),
    }),
    'DELETE /experimentTemplates/:id': ({ id }) => ({ experimentTemplate: templateView(templates.delete(id)) }),
  };
}

function experimentRoutes(experiments: Experiments): Record<string, Handler> {
  return {
    'POST /experiments': ({ body }) => ({ experiment: experimentView(experiments.start(body)) }),
    'GET /experiments': ({ query }) => {
      const templateId = query.get('experimentTemplateId');
      const wanted = experiments.all().filter((experiment) => !templateId || experiment.templateId === templateId);
      return listed('experiments', wanted.map(experimentSummary), query);
    },
    'GET /experiments/:id': ({ id }) => ({ experiment: experimentView(experiments.get(id)) }),
    'DELETE /experiments/:id': ({ id }) => ({ experiment: experimentView(experiments.stop(id)) }),
    'GET /experiments/:id/resolvedTargets': ({ id, query }) =>
      listed('resolvedTargets', resolvedTargetViews(experiments.get(id), query.get('targetName')), query),
  };
}

function listed(name: string, items: object[], query: URLSearchParams): object {
  const { page, nextToken } = pageOf(items, query);
  return { [name]: page, nextToken };
}
