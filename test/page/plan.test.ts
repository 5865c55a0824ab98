import { describe, expect, it } from 'vitest';
import { foldLog } from '../../src/index.ts';
import { violations } from './support/axe.ts';
import { builtPage } from './support/built-page.ts';
import { drawn, goTo, recordsOf } from './support/moments.ts';

describe('the plan', () => {
  const built = builtPage();

  it.each(['diamond-dag', 'split'])(
    'of %s shows at any moment how the fold says that each subtask stands',
    async (name) => {
      const records = await recordsOf(name);
      const hash = `#scenario=${name}&view=plan&at=${records.length}`;
      await using visitor = await built.visit(hash);
      const { page } = visitor;
      await page.locator('.plan-card').first().waitFor();
      const cards = () =>
        page
          .locator('.plan-card')
          .evaluateAll((all) =>
            all.map((card) => `${card.getAttribute('data-subtask')} ${card.getAttribute('data-status')}`),
          );
      for (const seq of drawn(5, records.length, 11)) {
        await goTo(page, seq);
        const [report] = foldLog(records.slice(0, seq)).orchestrations;
        const expected = report?.subtasks.map(({ id, status }) => `${id} ${status}`) ?? [];
        await expect.poll(cards, { message: `record ${seq}` }).toEqual(expected);
      }
    },
  );

  it.each(['light', 'dark'] as const)('is a picture and a table, %s', async (colorScheme) => {
    await using visitor = await built.visit('#scenario=split&view=plan&at=1000', { colorScheme });
    const { page } = visitor;
    await page.locator('.plan-card').first().waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Table' }).click();
    const titles = foldLog(await recordsOf('split')).orchestrations.flatMap(({ subtasks }) =>
      subtasks.map(({ title }) => title),
    );
    const shown = await page.getByRole('rowheader').allTextContents();
    expect(shown.map((title) => title.replace(' · longest chain', ''))).toEqual(titles);
    expect(await violations(page)).toEqual([]);
  });

  it('says which stages lie out of sight, and leads there; a report is whole where there is room', async () => {
    const viewport = { width: 1440, height: 900 };
    await using visitor = await built.visit('#scenario=ten-stages&view=plan&at=40', { viewport });
    const { page } = visitor;
    await page.getByRole('button', { name: 'Stages 6–10' }).click();
    await page.getByRole('button', { name: /^Stages 1–\d$/ }).waitFor();
    expect(await violations(page)).toEqual([]);
    await using other = await built.visit('#scenario=auth-orchestration&view=plan&at=60', { viewport });
    const report = other.page.getByRole('region', { name: 'Report' });
    await report.waitFor();
    expect(await report.evaluate((one) => one.scrollHeight - one.clientHeight)).toBe(0);
  });

  it('says how long it takes once, and reports in columns of one width', async () => {
    await using visitor = await built.visit('#scenario=auth-orchestration&view=plan&at=50');
    const { page } = visitor;
    const summary = page.locator('.plan-summary');
    await summary.getByText('longest chain').waitFor();
    expect((await summary.textContent())?.match(/65–90 min/g)).toHaveLength(1);
    expect((await summary.boundingBox())?.height).toBeLessThan(30);
    const widths = await page
      .getByRole('region', { name: 'Report' })
      .locator('> div')
      .evaluateAll((all) => all.map((one) => Math.round(one.getBoundingClientRect().width)));
    expect(widths).toHaveLength(3);
    expect(new Set(widths).size).toBe(1);
  });

  it('draws what waits for what, the longest chain, and leads to the task of a subtask', async () => {
    await using visitor = await built.visit('#scenario=diamond-dag&view=plan&at=1000');
    const { page } = visitor;
    await page.locator('.plan-card').first().waitFor();
    const edges = (selector: string) =>
      page.locator(selector).evaluateAll((all) => all.map((one) => one.getAttribute('data-edge')).sort());
    expect(await edges('.plan-line')).toEqual(
      ['top→left', 'top→right', 'right→after-right', 'left→bottom', 'after-right→bottom'].sort(),
    );
    expect(await edges('.plan-line.critical')).toEqual(['left→bottom', 'top→left']);
    await page.getByRole('button', { name: /^Animate/ }).click();
    await page
      .getByRole('complementary', { name: 'Selected' })
      .getByRole('heading', { name: 'diamond.after-right' })
      .waitFor();
  });

  it('can be chosen among several; without one, it says so', async () => {
    await using visitor = await built.visit('#scenario=three-failures&view=plan&at=1000');
    const { page } = visitor;
    const choice = page.getByRole('combobox', { name: 'Orchestration' });
    await choice.waitFor();
    const ids = await choice.locator('option').evaluateAll((all) => all.map((one) => one.getAttribute('value')));
    const { orchestrations } = foldLog(await recordsOf('three-failures'));
    expect(ids).toEqual(orchestrations.map(({ orchestrationId }) => orchestrationId));
    for (const { orchestrationId, subtasks } of orchestrations) {
      await choice.selectOption(orchestrationId);
      const shown = await page
        .locator('.plan-card')
        .evaluateAll((all) => all.map((card) => card.getAttribute('data-subtask')));
      expect(shown).toEqual(subtasks.map(({ id }) => id));
    }
    await page.goto(`${built.url}?none#scenario=jwt-question&view=plan&at=3`);
    await page.getByText('Nobody has asked for anything complex in this run').waitFor();
  });
});
