import fc from 'fast-check';
import { expect, test } from 'vitest';
import { estimatePlan } from '../../src/hub/estimate.ts';
import { checkPlan } from '../../src/hub/plan-rules.ts';
import { rulePlanner } from '../../src/hub/rule-planner.ts';
import { handoffDocument, planDocument, subtaskDocument } from '../../src/hub/seed-documents.ts';
import { readPlan } from '../../src/hub/seed-format.ts';
import type { Plan } from '../../src/machines/plan.ts';
import { authRequest, subtask } from '../support/plans.ts';

const createdAt = Date.parse('2025-11-05T18:00:00Z');
const document = (plan: Plan) => {
  const { stages } = checkPlan(plan);
  return planDocument({
    orchestrationId: 'orch-task-1762342920',
    parentTaskId: 'task-1762342920',
    plan,
    stages,
    estimate: estimatePlan(plan, stages),
    complexity: 'high',
    createdAt,
    status: 'planning',
  });
};

test('the plan of the authentication example, in the form of the description', () => {
  const plan = rulePlanner().plan(authRequest, { masters: [], signal: new AbortController().signal }) as Plan;

  expect(document(plan)).toEqual({
    orchestration_id: 'orch-task-1762342920',
    parent_task_id: 'task-1762342920',
    task_title: authRequest.title,
    complexity: 'high',
    created_at: '2025-11-05T18:00:00Z',
    status: 'planning',
    subtasks: expect.any(Array),
    execution_plan: {
      stage_1: ['auth-001-design'],
      stage_2: ['auth-002-backend', 'auth-003-frontend'],
      stage_3: ['auth-004-tests'],
      stage_4: ['auth-005-security'],
      stage_5: ['auth-006-docs'],
    },
    resource_estimate: {
      total_subtasks: 6,
      duration_estimate: '65-90 minutes',
      token_estimate: 75_000,
      masters: ['development', 'security'],
      workers: 6,
      parallelization_possible: true,
      bottlenecks: expect.any(Array),
    },
    progress: {
      current_stage: 1,
      completed_subtasks: [],
      active_subtasks: [],
      failed_subtasks: [],
      zombie_subtasks: [],
    },
  });
});

test('a subtask, by the template', () => {
  const one = subtask('auth-001-design', { workerType: 'planner', minutes: { min: 15, max: 15 } });

  expect(subtaskDocument(one, { parentTaskId: 'task-1', status: 'pending', createdAt })).toEqual({
    subtask_id: 'auth-001-design',
    parent_task_id: 'task-1',
    title: one.title,
    description: '',
    assigned_to: 'development',
    worker_type: 'planner',
    dependencies: [],
    estimated_duration_minutes: 15,
    estimated_tokens: 5000,
    files_affected: [],
    success_criteria: one.successCriteria,
    status: 'pending',
    created_at: '2025-11-05T18:00:00Z',
  });
});

test('a handoff, as in the description', () => {
  expect(
    handoffDocument({
      orchestrationId: 'orch-task-1762342920',
      subtaskId: 'auth-002-backend',
      owner: 'development',
      priority: 'high',
      orchestrationContext: 'Part of larger auth system implementation',
      dependenciesCompleted: ['auth-001-design'],
      results: { 'auth-001-design': 'JWT' },
      nextSubtasks: ['auth-004-tests'],
      relatedSubtasks: ['auth-003-frontend'],
      createdAt: createdAt + 300_000,
    }),
  ).toEqual({
    handoff_id: 'to-development-subtask-auth-002-backend',
    from: 'orchestrator',
    to: 'development',
    subtask_id: 'auth-002-backend',
    parent_orchestration: 'orch-task-1762342920',
    priority: 'high',
    context: {
      orchestration_context: 'Part of larger auth system implementation',
      dependencies_completed: ['auth-001-design'],
      dependency_results: { 'auth-001-design': 'JWT' },
      next_subtasks: ['auth-004-tests (waits for this)'],
      related_subtasks: ['auth-003-frontend (parallel)'],
    },
    created_at: '2025-11-05T18:05:00Z',
  });
});

test('K3 whatever the plan, what is written reads back as the same plan', () => {
  const id = fc.stringMatching(/^[a-z][a-z0-9._:-]{0,10}$/);
  const plans = fc
    .record({
      title: fc.string({ minLength: 1, maxLength: 100 }),
      description: fc.string(),
      subtasks: fc.uniqueArray(
        fc.record({
          id,
          title: fc.string({ minLength: 1, maxLength: 100 }),
          description: fc.string(),
          owner: id,
          workerType: fc.option(id),
          capabilities: fc.array(id, { maxLength: 3 }),
          minutes: fc
            .tuple(fc.nat({ max: 1000 }), fc.nat({ max: 1000 }))
            .map(([min, more]) => ({ min, max: min + more })),
          tokens: fc.nat({ max: 1_000_000 }),
          files: fc.array(fc.string({ minLength: 1 }), { maxLength: 3 }),
          successCriteria: fc.string(),
        }),
        { selector: (one) => one.id, minLength: 1, maxLength: 8 },
      ),
    })
    .map(({ subtasks, ...plan }) => ({
      ...plan,
      subtasks: subtasks.map((one, index) => ({
        ...one,
        dependencies: subtasks
          .slice(0, index)
          .filter((_other, place) => (place + index) % 2 === 0)
          .map((other) => other.id),
      })),
    }));
  fc.assert(
    fc.property(plans, (plan) => {
      const written = JSON.parse(JSON.stringify(document(plan)));

      expect(readPlan(written)).toEqual({ value: { ...plan, givenStages: checkPlan(plan).stages }, warnings: [] });
    }),
  );
});
