import { XMLBuilder } from 'fast-xml-parser';
import { clean } from './clean.ts';

/** An element of XML: attributes start with @. */
export type Element = Record<string, unknown>;

const builder = new XMLBuilder({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  format: true,
  suppressEmptyNode: true,
  // Or it writes a value of "true" as an attribute without a value, which is HTML and not XML.
  suppressBooleanAttributes: false,
});

/** A JUnit file of these suites. */
export const junitDocument = (suites: Element[]): string =>
  builder.build({ '?xml': { '@version': '1.0', '@encoding': 'UTF-8' }, testsuites: { testsuite: suites } });

/** Names and values as JUnit's properties. */
export const propertiesOf = (values: Record<string, string>): Element[] =>
  Object.entries(values).map(([name, value]) => ({ '@name': name, '@value': clean(value) }));

/** A duration as JUnit writes it; unknown is none. */
export const seconds = (ms: number | null): string => ((ms ?? 0) / 1000).toFixed(3);

/** Text as a part of a name that CI servers group by. */
export const identifier = (text: string): string => text.replace(/[^\w-]+/g, '-');
