import { z } from 'zod';
import { validation } from './errors.ts';

/** Text of visible characters only, as in most members of FIS. */
const word = (max: number, min = 0) => z.string().min(min).max(max).regex(/^\S+$/);
/** Text with spaces and line breaks. */
const prose = (max: number, min = 1) => z.string().min(min).max(max);

const tags = z
  .record(prose(128), prose(256, 0))
  .refine((map) => Object.keys(map).length <= 50, 'Member must have length less than or equal to 50')
  .refine((map) => !Object.keys(map).some((key) => /^aws:/i.test(key)), 'Tag keys must not start with aws:');

const clientToken = word(1024, 1);
const name = word(64);

const stopCondition = z.strictObject({ source: word(64), value: prose(2048, 20).optional() });

const filter = z.strictObject({ path: word(256), values: z.array(word(128)) });

const target = z.strictObject({
  resourceType: word(128),
  resourceArns: z.array(word(2048, 20)).max(5).optional(),
  resourceTags: tags.optional(),
  filters: z.array(filter).optional(),
  selectionMode: word(64),
  parameters: z.record(name, prose(1024).regex(/^[\p{L}\p{Z}\p{N}_.:/=+\-@,]+$/u)).optional(),
});

const action = z.strictObject({
  actionId: word(128),
  description: prose(512).optional(),
  parameters: z.record(name, word(1024)).optional(),
  targets: z.record(name, name).optional(),
  startAfter: z.array(name).optional(),
});

const emptyTargetResolutionMode = z.enum(['fail', 'skip']);

const template = z.strictObject({
  description: prose(512),
  stopConditions: z.array(stopCondition),
  targets: z.record(name, target).optional(),
  actions: z.record(name, action),
  roleArn: word(2048, 20),
  experimentOptions: z
    .strictObject({
      accountTargeting: z.enum(['single-account', 'multi-account']).optional(),
      emptyTargetResolutionMode: emptyTargetResolutionMode.optional(),
    })
    .optional(),
  logConfiguration: z.looseObject({ logSchemaVersion: z.int() }).optional(),
  experimentReportConfiguration: z.looseObject({}).optional(),
});

/** The members of requests' bodies, as in the service model of FIS. */
export const requests = {
  createTemplate: template.extend({ clientToken, tags: tags.optional() }),
  updateTemplate: template
    .extend({ experimentOptions: z.strictObject({ emptyTargetResolutionMode }).partial().optional() })
    .partial(),
  startExperiment: z.strictObject({
    clientToken,
    experimentTemplateId: word(64),
    experimentOptions: z.strictObject({ actionsMode: z.enum(['skip-all', 'run-all']).optional() }).optional(),
    tags: tags.optional(),
  }),
  updateSafetyLever: z.strictObject({
    state: z.strictObject({ status: z.enum(['engaged', 'disengaged']), reason: z.string() }),
  }),
  tag: z.strictObject({ tags }),
} as const;

/** The content of an experiment template, without its names and times. */
export type TemplateBody = z.infer<typeof template>;
export type TargetBody = z.infer<typeof target>;
export type ActionBody = z.infer<typeof action>;

/** Returns a body in its shape, or throws a ValidationException that lists all that is wrong, in AWS's words. */
export function parse<Shape extends z.ZodType>(shape: Shape, body: unknown): z.infer<Shape> {
  const result = shape.safeParse(body, { reportInput: true });
  if (result.success) return result.data;
  const problems = result.error.issues.map(inWords);
  const count = problems.length === 1 ? '1 validation error' : `${problems.length} validation errors`;
  throw validation(`${count} detected: ${problems.join('; ')}`);
}

function inWords(issue: z.core.$ZodIssue): string {
  const value = issue.input === undefined ? 'null' : `'${describe(issue.input)}'`;
  return `Value ${value} at '${issue.path.join('.')}' failed to satisfy constraint: ${constraint(issue)}`;
}

const describe = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));

function constraint(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? 'Member must not be null' : `Member must be of type ${issue.expected}`;
    case 'too_big':
      return `Member must have length less than or equal to ${issue.maximum}`;
    case 'too_small':
      return `Member must have length greater than or equal to ${issue.minimum}`;
    case 'invalid_value':
      return `Member must satisfy enum value set: [${issue.values.join(', ')}]`;
    case 'invalid_format':
      return `Member must satisfy regular expression pattern: ${issue.pattern?.replace(/^\/\^|\$\/u?$/g, '')}`;
    case 'unrecognized_keys':
      return `Member must not have: ${issue.keys.join(', ')}`;
    default:
      return issue.message;
  }
}
