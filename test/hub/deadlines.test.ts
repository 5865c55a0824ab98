import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Changes } from '../../src/hub/checkpoint/changes.ts';
import { Deadlines } from '../../src/hub/deadlines.ts';

test('deadlines come in order of time, then of setting, however often they are moved or taken away (L1)', () => {
  const setting = fc.record({
    kind: fc.constantFrom('task' as const, 'gate' as const),
    subject: fc.constantFrom('a', 'b', 'c', 'd'),
    dueAt: fc.option(fc.integer({ min: 0, max: 5 }), { nil: null }),
  });
  fc.assert(
    fc.property(fc.array(setting, { maxLength: 40 }), (settings) => {
      const deadlines = new Deadlines(new Changes());
      let model: { kind: string; subject: string; dueAt: number; order: number }[] = [];
      for (const [order, { kind, subject, dueAt }] of settings.entries()) {
        deadlines.set(kind, subject, dueAt);
        model = model.filter((other) => other.kind !== kind || other.subject !== subject);
        if (dueAt !== null) model.push({ kind, subject, dueAt, order });
        const expected = model
          .toSorted((a, b) => a.dueAt - b.dueAt || a.order - b.order)
          .map(({ order: _order, ...deadline }) => deadline);
        expect(deadlines.inOrder()).toEqual(expected);
        expect(deadlines.next()).toEqual(expected[0]);
        expect(deadlines.size).toBe(expected.length);
      }
    }),
  );
});
