/** What is used of the package, which has no types of its own. */
declare module 'mochawesome-report-generator' {
  /** Resolves with the paths of the HTML and the JSON file; null for what was not asked for. */
  export function create(data: object, options: Record<string, unknown>): Promise<[string, string | null]>;
}
