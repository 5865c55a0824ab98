import { describe, expect, test } from 'vitest';
import { analyse } from '../../src/hub/complexity.ts';
import type { ComplexRequest } from '../../src/machines/plan.ts';

const of = (title: string, more: Partial<ComplexRequest> = {}): ComplexRequest => ({ title, description: '', ...more });

describe('the examples of the task orchestrator’s description', () => {
  test.each([
    ['Scan repository for security vulnerabilities', 'security'],
    ['Fix bug in dashboard/server/index.js line 42', 'development'],
    ['List all repositories in the portfolio', 'inventory'],
  ])('"%s" is simple, and goes to %s', (title, master) => {
    expect(analyse(of(title))).toMatchObject({
      complexity: 'simple',
      level: 'low',
      score: 0,
      domains: [master],
      master,
    });
  });

  test.each([
    ['Add authentication system with security audit and docs', ['development', 'security', 'documentation']],
    ['Refactor API layer, update tests, and deploy', ['development', 'cicd']],
    ['Build new feature: design → implement → test → audit → document', ['development', 'security', 'documentation']],
    ['Add authentication system with security audit and documentation', ['development', 'security', 'documentation']],
  ])('"%s" is complex', (title, domains) => {
    expect(analyse(of(title))).toMatchObject({ complexity: 'complex', level: 'high', domains, master: null });
  });
});
