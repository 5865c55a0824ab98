import { describe, expect, test } from 'vitest';
import { analyse } from '../../src/hub/complexity.ts';
import type { ComplexRequest } from '../../src/machines/plan.ts';
import { request } from '../support/plans.ts';

describe('the examples of the task orchestrator’s description', () => {
  test.each([
    ['Scan repository for security vulnerabilities', 'security'],
    ['Fix bug in dashboard/server/index.js line 42', 'development'],
    ['List all repositories in the portfolio', 'inventory'],
  ])('"%s" is simple, and goes to %s', (title, master) => {
    const { reasons, ...analysis } = analyse(request(title));

    expect(analysis).toEqual({
      complexity: 'simple',
      level: 'low',
      score: 0,
      domains: [master],
      masters: [master],
      master,
    });
    expect(reasons.map(({ text }) => text)).toContain(`a single domain: ${master}`);
  });

  test.each([
    ['Add authentication system with security audit and docs', ['development', 'security', 'documentation']],
    ['Refactor API layer, update tests, and deploy', ['development', 'cicd']],
    ['Build new feature: design → implement → test → audit → document', ['development', 'security', 'documentation']],
    ['Add authentication system with security audit and documentation', ['development', 'security', 'documentation']],
  ])('"%s" is complex', (title, domains) => {
    expect(analyse(request(title))).toMatchObject({ complexity: 'complex', level: 'high', domains, master: null });
  });
});

describe('each rule alone makes a request complex, and says why', () => {
  const small: Partial<ComplexRequest> = { domains: ['development'], files: ['a.ts'], minutes: 10, tokens: 1000 };

  test('what it is compared with is simple', () => {
    expect(analyse(request('Change it', small))).toMatchObject({ complexity: 'simple', master: 'development' });
  });

  test.each<[string, Partial<ComplexRequest>, string]>([
    ['domains', { domains: ['dev', 'docs'] }, '2 domains: development, documentation'],
    ['files', { files: ['1', '2', '3', '4'] }, '4 files, more than 3'],
    ['dependencies', { dependencies: ['the payment provider'] }, 'it depends on the payment provider'],
    ['minutes', { minutes: 31 }, '31 minutes, more than 30'],
    ['tokens', { tokens: 20_001 }, '20001 tokens, more than 20000'],
    ['masters', { masters: ['development', 'security'] }, '2 masters have to work together: development, security'],
    ['orchestrationRequired', { orchestrationRequired: true }, 'orchestration is asked for'],
  ])('%s', (rule, change, text) => {
    const { complexity, reasons, master } = analyse(request('Change it', { ...small, ...change }));

    expect({ complexity, master }).toEqual({ complexity: 'complex', master: null });
    expect(reasons).toEqual([{ rule, text }]);
  });

  test.each<[string, Partial<ComplexRequest>]>([
    ['3 files', { files: ['1', '2', '3'] }],
    ['30 minutes', { minutes: 30 }],
    ['20,000 tokens', { tokens: 20_000 }],
    ['one master', { masters: ['development'] }],
    ['orchestration that is not required', { orchestrationRequired: false }],
  ])('%s are still simple', (_name, change) => {
    expect(analyse(request('Change it', { ...small, ...change })).complexity).toBe('simple');
  });

  test.each([
    ['sequence', 'Fix the login, then send a mail', 'one thing has to come before another: then'],
    ['sequence', 'Fix the login -> check it', 'one thing has to come before another: login -> check'],
    ['sequence', 'Fix a, test b and remove c', '3 steps: Fix a, test b, remove c'],
    ['system', 'Fix the whole client', 'it is about something whole: whole client'],
    ['files', 'Rename it in 12 source files', '12 files, more than 3'],
    ['files', 'Fix src/a.ts, src/b.ts, src/c.ts, d.json', '4 files, more than 3'],
    ['clarity', 'Make it so', 'its words do not say whose work it is'],
  ])('by its words: %s in "%s"', (rule, title, text) => {
    expect(analyse(request(title)).reasons).toEqual([{ rule, text }]);
  });
});

describe('what the request says counts before its words', () => {
  test('domains', () => {
    expect(analyse(request('Audit the docs', { domains: ['security'] }))).toMatchObject({
      complexity: 'simple',
      master: 'security',
    });
  });

  test('files', () => {
    expect(analyse(request('Fix the whole system', { files: ['a.ts'] })).complexity).toBe('simple');
  });

  test('masters', () => {
    expect(analyse(request('Write a poem', { masters: ['poet'] }))).toMatchObject({
      master: 'poet',
      masters: ['poet'],
    });
  });
});

describe('domains', () => {
  test.each([
    ['Update the README', ['documentation']],
    ['Write the documentation of the API', ['development', 'documentation']],
    ['Deploy to staging', ['cicd']],
    ['Set up a CI/CD pipeline', ['cicd']],
    ['Scan all repositories for vulnerabilities', ['security']],
    ['List the repositories', ['inventory']],
    ['Look into tests/security/audit.test.js', []],
    ['Fix tests/security/audit.test.js', ['development']],
  ])('of "%s"', (title, domains) => {
    expect(analyse(request(title)).domains).toEqual(domains);
  });

  test('documentation belongs to the development master: two domains, one master', () => {
    expect(analyse(request('any', { domains: ['Documentation', 'dev'] }))).toMatchObject({
      complexity: 'complex',
      level: 'medium',
      masters: ['development'],
    });
  });

  test('one that is not known is its own master', () => {
    expect(analyse(request('any', { domains: ['legal'] }))).toMatchObject({ complexity: 'simple', master: 'legal' });
  });
});

test('limits are configuration', () => {
  const title = 'Fix the login in a.ts and b.ts';

  expect(analyse(request(title)).complexity).toBe('simple');
  expect(analyse(request(title), { limits: { files: 1 } }).complexity).toBe('complex');
});

test.each(['-', 'x-', 'a.', ',', '=', 'a', ' ', '1 ', 'a/', '->'])(
  'ten thousand letters of %j are judged at once, since every expression takes linear time',
  (unit) => {
    const description = unit.repeat(10_000 / unit.length);
    const began = performance.now();
    const { reasons } = analyse(request('Change it', { description }));

    expect(performance.now() - began).toBeLessThan(1000);
    for (const { text } of reasons) expect(text.length).toBeLessThanOrEqual(200);
  },
);
