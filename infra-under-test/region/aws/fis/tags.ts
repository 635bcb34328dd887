import { notFound } from './errors.ts';
import { parse, requests } from './shapes.ts';

interface Tagged {
  arn: string;
  tags: Record<string, string>;
}

/** The tags of templates and experiments, by their ARNs. */
export class Tags {
  readonly #tagged: () => Tagged[];

  constructor(tagged: () => Tagged[]) {
    this.#tagged = tagged;
  }

  list(arn: string): Record<string, string> {
    return this.#find(arn).tags;
  }

  add(arn: string, request: unknown): void {
    const { tags } = parse(requests.tag, request);
    const resource = this.#find(arn);
    resource.tags = parse(requests.tag, { tags: { ...resource.tags, ...tags } }).tags;
  }

  /** Without keys: all of them. */
  remove(arn: string, keys: string[]): void {
    const resource = this.#find(arn);
    const kept = Object.entries(resource.tags).filter(([key]) => keys.length > 0 && !keys.includes(key));
    resource.tags = Object.fromEntries(kept);
  }

  #find(arn: string): Tagged {
    const resource = this.#tagged().find((each) => each.arn === arn);
    if (!resource) throw notFound(`Resource ${arn} does not exist.`);
    return resource;
  }
}
