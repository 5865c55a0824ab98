// biome-ignore lint/suspicious/noThenProperty: CAWS calls it so, and text cannot be called.
const criterion = { id: 'A1', given: 'a known user', when: 'she enters the code', then: 'she is signed in' };

/** A working spec of tier 2 that is right; tests change one thing in it. */
export const goodSpec = () => ({
  id: 'FEAT-001',
  title: 'Sign in with a one-time code',
  risk_tier: 2 as unknown,
  mode: 'feature' as unknown,
  blast_radius: { modules: ['src/auth'], data_migration: false },
  operational_rollback_slo: '5m',
  scope: { in: ['src/auth/', 'tests/'], out: ['dist/'] },
  invariants: ['Who was signed in stays signed in'],
  acceptance: [criterion],
  non_functional: { a11y: ['by keyboard'], perf: { api_p95_ms: 250 }, security: ['codes end after 5 minutes'] },
  contracts: [{ type: 'openapi', path: 'docs/api.yaml' }],
});

/** What tier 1 needs besides. */
export const tierOne = () => ({
  ...goodSpec(),
  risk_tier: 1,
  observability: { logs: ['auth.failed'], metrics: ['auth_latency_ms'] },
  rollback: ['switch the flag off'],
});

/** A moment in the life of the tests: noon of 1 June 2026, UTC. */
export const noon = Date.parse('2026-06-01T12:00:00Z');
