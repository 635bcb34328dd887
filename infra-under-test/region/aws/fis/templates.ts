import { fisArn, newId } from './arns.ts';
import { checkTemplate } from './check-template.ts';
import { ClientTokens } from './client-tokens.ts';
import { notFound, quotaExceeded } from './errors.ts';
import type { FisRegion } from './region.ts';
import { parse, requests, type TemplateBody } from './shapes.ts';

const mostTemplates = 500;

export interface Template {
  id: string;
  arn: string;
  body: TemplateBody;
  tags: Record<string, string>;
  createdAtMs: number;
  updatedAtMs: number;
}

/** The experiment templates of a region. */
export class Templates {
  readonly #region: FisRegion;
  readonly #templates = new Map<string, Template>();
  readonly #tokens = new ClientTokens<Template>();

  constructor(region: FisRegion) {
    this.#region = region;
  }

  create(request: unknown): Template {
    const parsed = parse(requests.createTemplate, request);
    return this.#tokens.once(parsed, () => {
      const { clientToken: _, tags = {}, ...body } = parsed;
      checkTemplate(body, this.#region);
      if (this.#templates.size >= mostTemplates)
        throw quotaExceeded(`There can be ${mostTemplates} experiment templates at most.`);
      const id = newId('EXT');
      const now = Date.now();
      const arn = fisArn(this.#region.region, 'experiment-template', id);
      const template = { id, arn, body, tags, createdAtMs: now, updatedAtMs: now };
      this.#templates.set(id, template);
      return template;
    });
  }

  /** Throws a ResourceNotFoundException. */
  get(id: string): Template {
    const template = this.#templates.get(id);
    if (!template) throw notFound(`Experiment template ${id} does not exist.`);
    return template;
  }

  /** Newest first. */
  all(): Template[] {
    return [...this.#templates.values()].reverse();
  }

  /** Replaces the members that the request has. */
  update(id: string, request: unknown): Template {
    const template = this.get(id);
    const { experimentOptions, ...changes } = parse(requests.updateTemplate, request);
    const body = {
      ...template.body,
      ...changes,
      experimentOptions: { ...template.body.experimentOptions, ...experimentOptions },
    } as TemplateBody;
    checkTemplate(body, this.#region);
    template.body = body;
    template.updatedAtMs = Date.now();
    return template;
  }

  delete(id: string): Template {
    const template = this.get(id);
    this.#templates.delete(id);
    return template;
  }
}
