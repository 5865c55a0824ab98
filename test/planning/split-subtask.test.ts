import fc from 'fast-check';
import { expect, test } from 'vitest';
import { acceptRevision } from '../../src/hub/planner.ts';
import { splitSubtask } from '../../src/hub/split-subtask.ts';
import { subtask } from '../support/plans.ts';

const large = { minutes: { min: 20, max: 30 }, tokens: 20_001, dependencies: ['design'] };

test('by its files: two parts that can run at once, each with its share', () => {
  const whole = subtask('backend', { ...large, title: 'Backend', files: ['routes/auth.js', 'middleware/auth.js'] });

  expect(splitSubtask(whole)).toEqual([
    expect.objectContaining({
      id: 'backend.1',
      title: 'Backend: routes/auth.js',
      files: ['routes/auth.js'],
      minutes: { min: 10, max: 15 },
      tokens: 10_001,
      dependencies: ['design'],
      owner: 'development',
    }),
    expect.objectContaining({ id: 'backend.2', title: 'Backend: middleware/auth.js', files: ['middleware/auth.js'] }),
  ]);
});

test('many files make three parts', () => {
  const files = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];

  expect(splitSubtask(subtask('x', { files }))?.map((part) => part.files)).toEqual([
    ['a', 'b'],
    ['c', 'd'],
    ['e', 'f', 'g'],
  ]);
});

test('by what its title joins: the verb goes before each part', () => {
  const whole = subtask('api', { ...large, title: 'Implement auth endpoints and middleware', files: ['auth.js'] });

  expect(splitSubtask(whole)?.map(({ title, dependencies, files }) => ({ title, dependencies, files }))).toEqual([
    { title: 'Implement auth endpoints', dependencies: ['design'], files: ['auth.js'] },
    { title: 'Implement middleware', dependencies: ['design'], files: ['auth.js'] },
  ]);
});

test('different actions come one after the other', () => {
  const whole = subtask('api', { ...large, title: 'Implement the API and test it', files: ['a.js', 'b.js'] });

  expect(splitSubtask(whole)?.map(({ title, dependencies }) => ({ title, dependencies }))).toEqual([
    { title: 'Implement the API', dependencies: ['design'] },
    { title: 'test it', dependencies: ['api.1'] },
  ]);
});

test('what has one file and one thing to do cannot be split', () => {
  expect(splitSubtask(subtask('x', { title: 'Security Audit', files: ['a.js'] }))).toBeNull();
});

test('whatever the subtask, the parts can replace it', () => {
  const whole = fc.record({
    title: fc.oneof(fc.string({ minLength: 1, maxLength: 500 }), fc.constant('Do this, that and test it, then fix it')),
    files: fc.array(fc.stringMatching(/^[a-z]{1,3}$/), { maxLength: 3 }),
    successCriteria: fc.constantFrom('The tests pass', 'x'.repeat(10_000)),
    description: fc.constantFrom('', 'x'.repeat(10_000)),
    minutes: fc.constantFrom({ min: 0, max: 0 }, { min: 1, max: 30 }, { min: 7.5, max: 29.5 }),
    tokens: fc.nat({ max: 20_000 }),
  });
  fc.assert(
    fc.property(whole, fc.stringMatching(/^[a-z]{1,128}$/), (change, id) => {
      const one = subtask(id, { ...change, dependencies: ['before'] });
      const parts = splitSubtask(one);
      if (parts === null) return;

      expect(parts.length).toBeGreaterThanOrEqual(2);
      expect(parts.length).toBeLessThanOrEqual(3);
      expect(acceptRevision(parts, one, { taken: [id, 'before'] })).toEqual(parts);
    }),
  );
});
