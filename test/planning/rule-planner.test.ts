import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { estimatePlan } from '../../src/hub/estimate.ts';
import { checkPlan } from '../../src/hub/plan-rules.ts';
import { acceptPlan } from '../../src/hub/planner.ts';
import { rulePlanner } from '../../src/hub/rule-planner.ts';
import { HubError } from '../../src/machines/errors.ts';
import { type ComplexRequest, complexRequestSchema } from '../../src/machines/plan.ts';
import { authRequest, request } from '../support/plans.ts';
import { refusal } from '../support/refusals.ts';

const known = ['development', 'security', 'inventory', 'cicd'];
const planFor = (one: ComplexRequest, masters: readonly string[] = known) =>
  acceptPlan(rulePlanner().plan(one, { masters, signal: new AbortController().signal }), {
    owners: masters.length === 0 ? undefined : masters,
  });
/** Stage by stage: who does what. */
const stagesOf = (one: ComplexRequest, masters?: readonly string[]) => {
  const plan = planFor(one, masters);
  const byId = new Map(plan.subtasks.map((subtask) => [subtask.id, subtask]));
  return checkPlan(plan).stages.map((ids) => ids.map((id) => `${byId.get(id)?.owner}: ${byId.get(id)?.title}`));
};

test('the authentication example: six subtasks, five stages, 65 to 90 minutes', () => {
  const plan = planFor(authRequest);
  const { stages, warnings } = checkPlan(plan);

  expect(
    plan.subtasks.map(({ title, owner, workerType, dependencies, minutes: { min, max }, files }) => ({
      title,
      owner,
      workerType,
      dependencies,
      minutes: [min, max],
      files,
    })),
  ).toEqual([
    {
      title: 'Architecture Design',
      owner: 'development',
      workerType: 'planner',
      dependencies: [],
      minutes: [10, 15],
      files: ['docs/auth-architecture.md'],
    },
    {
      title: 'Backend Implementation',
      owner: 'development',
      workerType: 'implementation',
      dependencies: ['auth-001-design'],
      minutes: [20, 30],
      files: ['server/routes/auth.js', 'server/middleware/auth.js'],
    },
    {
      title: 'Frontend Implementation',
      owner: 'development',
      workerType: 'implementation',
      dependencies: ['auth-001-design'],
      minutes: [20, 30],
      files: ['client/pages/Login.jsx', 'client/pages/Signup.jsx'],
    },
    {
      title: 'Tests',
      owner: 'development',
      workerType: 'test',
      dependencies: ['auth-002-backend', 'auth-003-frontend'],
      minutes: [15, 20],
      files: ['tests/auth.test.js'],
    },
    {
      title: 'Security Audit',
      owner: 'security',
      workerType: 'audit',
      dependencies: ['auth-004-tests'],
      minutes: [10, 15],
      files: [],
    },
    {
      title: 'Documentation',
      owner: 'development',
      workerType: 'documentation',
      dependencies: ['auth-005-security'],
      minutes: [10, 10],
      files: ['docs/authentication.md'],
    },
  ]);
  expect(stages).toEqual([
    ['auth-001-design'],
    ['auth-002-backend', 'auth-003-frontend'],
    ['auth-004-tests'],
    ['auth-005-security'],
    ['auth-006-docs'],
  ]);
  expect(warnings.map(({ rule }) => rule)).toEqual(['longSubtask', 'longSubtask']); // 20-30 minutes, as the example has it.
  expect(estimatePlan(plan, stages)).toMatchObject({
    subtasks: 6,
    minutes: { min: 65, max: 90 },
    tokens: 75_000,
    masters: ['development', 'security'],
    parallelizationPossible: true,
    bottlenecks: [
      'stage_3: Tests must wait for Backend Implementation, Frontend Implementation',
      'stage_4: Security Audit must wait for Tests',
    ],
  });
});

describe('the other complex examples', () => {
  test('"with security audit and docs" is the same plan', () => {
    const short = planFor(request('Add authentication system with security audit and docs'));

    expect(short.subtasks.map(({ id }) => id)).toEqual(planFor(authRequest).subtasks.map(({ id }) => id));
  });

  test.each([
    [
      'Refactor API layer, update tests, and deploy',
      [['development: Refactor API layer'], ['development: Update tests'], ['cicd: Deploy API layer']],
    ],
    [
      'Build new feature: design → implement → test → audit → document',
      [
        ['development: Design new feature'],
        ['development: Implement new feature'],
        ['development: Test new feature'],
        ['security: Audit new feature'],
        ['development: Document new feature'],
      ],
    ],
  ])('%s', (title, stages) => {
    expect(stagesOf(request(title))).toEqual(stages);
  });
});

describe('other requests', () => {
  test.each([
    [
      'Add search with a security audit and docs',
      [
        ['development: Design search'],
        ['development: Add search'],
        ['development: Test search'],
        ['security: Audit search'],
        ['development: Document search'],
      ],
    ],
    [
      'Upgrade React and deploy to staging',
      [['development: Plan how to upgrade React'], ['development: Upgrade React'], ['cicd: Deploy to staging']],
    ],
    [
      'Deploy the platform to production',
      [
        ['cicd: Plan how to deploy the platform to production'],
        ['cicd: Deploy the platform to production'],
        ['cicd: Verify the result of "Deploy the platform to production"'],
      ],
    ],
    [
      'List all repositories in the portfolio and audit their dependencies',
      [
        ['security: Plan how to list all repositories in the portfolio'],
        ['inventory: List all repositories in the portfolio'],
        ['security: Audit their dependencies'],
      ],
    ],
  ])('%s', (title, stages) => {
    expect(stagesOf(request(title))).toEqual(stages);
  });

  test('files are given out, three to a subtask', () => {
    const files = Array.from({ length: 8 }, (_, index) => `src/${index}.ts`);
    const { subtasks } = planFor(request('Rework imports', { domains: ['dev'], files }));

    expect(subtasks.map((subtask) => subtask.files.length)).toEqual([0, 3, 3, 2, 0]);
    expect(subtasks.flatMap((subtask) => subtask.files)).toEqual(files);
  });

  test('masters that have to take part do', () => {
    expect(stagesOf(request('Essay on whales', { masters: ['writer', 'editor'] }), ['writer', 'editor'])).toEqual([
      ['writer: Plan Essay on whales'],
      ['writer: Writer: Essay on whales', 'editor: Editor: Essay on whales'],
    ]);
  });

  test('subtasks go to masters that are there, whatever they are called', () => {
    const team = ['architect', 'backend-developer', 'qa', 'security-expert', 'technical-writer'];

    expect(planFor(authRequest, team).subtasks.map(({ owner }) => owner)).toEqual([
      'architect',
      'backend-developer',
      'backend-developer',
      'qa',
      'security-expert',
      'technical-writer',
    ]);
  });

  test('a master that is missing is named by whoever accepts the plan', () => {
    expect(refusal(() => planFor(authRequest, ['development'])).message).toContain(
      'auth-005-security belongs to security, and there is no such master',
    );
  });
});

test('a field of work that is called like what every object has is a field like any other', () => {
  const plan = planFor(request('Build a report', { domains: ['development', 'constructor'] }), []);
  expect(plan.subtasks.map(({ owner }) => owner)).toContain('constructor');
});

test('U2 what it has no rule for it refuses', () => {
  const error = refusal(() => planFor(request('Make it so')));

  expect(error.code).toBe('noPlan');
  expect(error.message).toContain('its words do not say whose work it is');
});

test('U1 whatever the request, the same plan twice, of at least three sound subtasks; or a refusal', () => {
  const word = fc.constantFrom(
    ...'add fix the search and , : -> → deploy audit docs tests then with scan api layer a.ts system list security'.split(
      ' ',
    ),
  );
  const asked = fc.record(
    {
      title: fc.oneof(
        fc.array(word, { minLength: 1, maxLength: 10 }).map((words) => words.join(' ')),
        fc.string({ minLength: 1, maxLength: 60 }),
      ),
      description: fc.string(),
      domains: fc.array(fc.constantFrom('dev', 'security', 'docs', 'cicd', 'inventory', 'legal'), { maxLength: 4 }),
      files: fc.array(fc.stringMatching(/^[a-z]{1,5}\.ts$/), { maxLength: 20 }),
      masters: fc.array(fc.constantFrom('development', 'security', 'writer'), { maxLength: 3 }),
    },
    { requiredKeys: ['title', 'description'] },
  );
  fc.assert(
    fc.property(asked, (one) => {
      const parsed = complexRequestSchema.parse(one);
      try {
        const plan = planFor(parsed, []);
        expect(plan.subtasks.length).toBeGreaterThanOrEqual(3);
        expect(planFor(parsed, [])).toEqual(plan);
      } catch (error) {
        expect(error).toBeInstanceOf(HubError);
        expect((error as HubError).message).toMatch(/there is no rule for|stages, and 10 are the most/);
      }
    }),
    { numRuns: 500 },
  );
});
