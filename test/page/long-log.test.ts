import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { exportLog, type HubRecord, openFold } from '../../src/index.ts';
import { readScenario, runScenario } from '../../src/testing.ts';
import { builtPage } from './support/built-page.ts';
import { drawn, goTo } from './support/moments.ts';
import { headOf } from './support/playing.ts';

const scenario = `
name: long
description: many tasks for a few agents
agents:
${Array.from({ length: 7 }, (_, n) => `  - { id: a${n}, type: worker, script: [{ work: { min: 1m, max: 9m } }] }`).join('\n')}
tasks:
${Array.from({ length: 1_500 }, (_, n) => `  - { id: t${n}, at: ${n}m, type: any, payload: { number: ${n} } }`).join('\n')}
`;

/** What the floor says of the tasks: queued, at work, asking, at a gate, done, failed. */
const countsOf = (page: Page) =>
  page
    .locator('.task-counts b')
    .evaluateAll((counts) => counts.slice(0, 6).map((one) => Number(one.textContent?.replaceAll(',', ''))));

describe('a long log', () => {
  const built = builtPage();
  let records: readonly HubRecord[];
  beforeAll(async () => {
    ({ records } = await runScenario(readScenario(scenario)));
  });

  it('is there without a gap, and any moment of it is what an independent fold says', async () => {
    expect(records.length).toBeGreaterThan(7_000);
    await using visitor = await built.visit('#view=floor');
    const { page } = visitor;
    await page.locator('input[type=file]').setInputFiles({
      name: 'long.jsonl',
      mimeType: 'application/jsonl',
      buffer: Buffer.from([...exportLog(records)].join('')),
    });
    await page.getByRole('slider', { name: 'Moment' }).waitFor();
    await expect.poll(() => headOf(page), { timeout: 60_000 }).toBe(records.length);

    const moments = drawn(25, records.length, 5);
    const fold = openFold();
    const states = new Map<string, string>();
    const expected = new Map<number, number[]>();
    for (const record of records) {
      for (const { actor, state } of fold.next(record)) if (actor.startsWith('task:')) states.set(actor, state);
      if (!moments.includes(record.seq)) continue;
      const of = (...names: readonly string[]) => [...states.values()].filter((state) => names.includes(state)).length;
      expected.set(record.seq, [
        of('queued'),
        of('assigned', 'running.working'),
        of('running.consulting'),
        of('running.awaitingHuman'),
        of('completed'),
        of('failed', 'broken'),
      ]);
    }
    for (const seq of moments) {
      await goTo(page, seq);
      expect({ seq, counts: await countsOf(page) }).toEqual({ seq, counts: expected.get(seq) });
    }
    expect(await page.evaluate(() => document.querySelectorAll('*').length)).toBeLessThan(3_000);

    await goTo(page, 500);
    await page.keyboard.press('7');
    await page.getByRole('searchbox', { name: 'Search in the log' }).fill('agent.register');
    await page.getByText(`7 of ${records.length.toLocaleString('en')} records`, { exact: true }).waitFor();
    await page.getByRole('searchbox', { name: 'Search in the log' }).fill('"number":1234 submit');
    await page.getByText(`1 of ${records.length.toLocaleString('en')} records`, { exact: true }).waitFor();
    await page.getByRole('row').getByRole('button', { name: 'task.submit' }).click();
    const found = records.find((record) => record.type === 'task.submit' && record.payload.taskId === 't1234');
    expect(await page.getByRole('slider', { name: 'Moment' }).inputValue()).toBe(String(found?.seq));
  });

  it('that is broken far behind is shown up to there, and says where', async () => {
    const place = records.length - 20;
    const lines = [...exportLog(records)];
    lines[place - 1] = lines[place - 1]?.replace('"payload":{', '"payload":{"surplus":1,') ?? '';
    await using visitor = await built.visit('#view=log');
    const { page } = visitor;
    await page.locator('input[type=file]').setInputFiles({
      name: 'broken.jsonl',
      mimeType: 'application/jsonl',
      buffer: Buffer.from(lines.join('')),
    });
    await page
      .getByText(new RegExp(`line ${place}`))
      .first()
      .waitFor({ timeout: 60_000 });
  });
});
