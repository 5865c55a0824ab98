/**
 * The shape of a CAWS working spec, as the validator of the agent-agency project (ARBITER-003) has it.
 *
 * - W1 unknown fields are refused, with the field's name; what is the author's own goes under `metadata`.
 * - W2 the schema neither changes a spec nor adds to it: what is right is used as it was written.
 */
import { z } from 'zod';

const text = z.string().regex(/\S/, 'expected text that is not empty');
const texts = z.array(text);
const count = z.int().min(0);
const milliseconds = z.number().min(0);
const isoDate = z.union([z.iso.date(), z.iso.datetime({ offset: true })], 'expected a date, or a time with its zone');

const progressSchema = z.strictObject({
  status: z.enum(['pending', 'in_progress', 'completed']),
  tests_written: count.optional(),
  tests_passing: count.optional(),
  coverage: z.number().min(0).max(100).optional(),
});

/** Given, when, then: each has to say something. */
const criterionSchema = z.strictObject({
  id: text,
  given: text,
  when: text,
  // biome-ignore lint/suspicious/noThenProperty: CAWS calls it so, and text cannot be called.
  then: text,
  progress: progressSchema.optional(),
});

const contractSchema = z.strictObject({
  type: z.enum(['openapi', 'graphql', 'grpc', 'typescript', 'json-schema']),
  path: text,
  version: text.optional(),
  tests_required: z.boolean().optional(),
});

export const workingSpecSchema = z.strictObject({
  id: z.string().regex(/^[A-Z]+-\d+$/, 'expected capital letters, a hyphen and a number'),
  title: text,
  /** 1 is critical, 2 is standard, 3 is low. */
  risk_tier: z.literal([1, 2, 3]),
  mode: z.enum(['feature', 'refactor', 'fix', 'doc', 'chore']),
  blast_radius: z.strictObject({ modules: texts, data_migration: z.boolean() }),
  /** How long it may take to get back to what was. */
  operational_rollback_slo: z.string().regex(/^[1-9]\d{0,5}[smhd]$/, 'expected a time such as 5m or 1h'),
  /** Paths that the work may touch, and must not touch. */
  scope: z.strictObject({ in: texts.min(1), out: texts.optional() }),
  /** What must stay true. */
  invariants: texts,
  acceptance: z.array(criterionSchema),
  non_functional: z.strictObject({
    a11y: texts.optional(),
    perf: z
      .strictObject({
        api_p95_ms: milliseconds,
        lcp_ms: milliseconds,
        tti_ms: milliseconds,
        bundle_kb: z.number().min(0),
      })
      .partial()
      .optional(),
    security: texts.optional(),
  }),
  contracts: z.array(contractSchema),
  change_budget: z.strictObject({ max_files: count, max_loc: count }).optional(),
  /** The steps back. */
  rollback: texts.optional(),
  observability: z.strictObject({ logs: texts, metrics: texts, traces: texts }).partial().optional(),
  /** Exceptions that somebody granted. */
  waiver_ids: z.array(z.string().regex(/^WV-\d{4}$/, 'expected WV- and four digits')).optional(),
  experimental_mode: z.strictObject({ enabled: z.boolean(), rationale: text, expires_at: isoDate }).optional(),
  metadata: z.record(z.string(), z.unknown()).optional(),
});

export type WorkingSpec = z.infer<typeof workingSpecSchema>;
export type RiskTier = WorkingSpec['risk_tier'];

/** What to write where something is missing or wrong, by path; `*` stands for a place in a list. */
export const specHints: { readonly [path: string]: string } = {
  id: 'a prefix and a number, such as PROJ-001, FEAT-002 or FIX-003',
  title: 'one line that says what will be different',
  risk_tier: '1 (critical: sign-in, payment), 2 (standard) or 3 (low risk)',
  mode: 'feature, refactor, fix, doc or chore',
  blast_radius: '{ modules: [src/…], data_migration: false }',
  'blast_radius.modules': 'the modules that the work can break, or []',
  'blast_radius.data_migration': 'whether stored data has to change: true or false',
  operational_rollback_slo: '1m, 5m, 15m or 1h',
  scope: '{ in: [src/…], out: [] }',
  'scope.in': 'the files or folders that the work may touch',
  invariants: 'one to three statements about what must stay true',
  acceptance: 'one entry for each criterion: { id: A1, given: …, when: …, then: … }',
  'acceptance.*.id': 'A1, A2, …',
  'acceptance.*.given': 'what is so before',
  'acceptance.*.when': 'what happens',
  'acceptance.*.then': 'what can be seen to be so afterwards',
  non_functional: '{ a11y: [], perf: { api_p95_ms: 250 }, security: [] }, or {} when there is nothing to ask',
  contracts: '[{ type: openapi, path: docs/api.yaml }], or [] in tier 3',
  'waiver_ids.*': 'the id of a granted waiver, such as WV-0001',
  'experimental_mode.rationale': 'why this is tried out',
  'experimental_mode.expires_at': '2030-12-31, or 2030-12-31T18:00:00Z',
};
