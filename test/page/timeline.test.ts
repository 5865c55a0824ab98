import { describe, expect, it } from 'vitest';
import { wordsOf } from '../../inspector/src/model/tone.ts';
import { foldLog } from '../../src/index.ts';
import { violations } from './support/axe.ts';
import { builtPage } from './support/built-page.ts';
import { drawn, goTo, momentOf, recordsOf } from './support/moments.ts';

const lunch = `
name: lunch
description: Nothing happens for two hours.
seed: 1
project: lunch
agents:
  - { id: dev-1, type: developer, script: [{ work: 10m }, { return: ok }] }
tasks:
  - { id: before-1, type: fix }
  - { id: before-2, type: fix }
  - { id: after-1, at: 140m, type: fix }
expect:
  - count: { completed: 3 }
`;

describe('the timeline', () => {
  const built = builtPage();

  it('names a scheduled task by the moment it was due at, and what its marks mean on a phone too', async () => {
    await using visitor = await built.visit('#scenario=schedules&view=timeline&at=60', {
      viewport: { width: 390, height: 844 },
    });
    const { page } = visitor;
    await page.getByText('awaiting a human').waitFor();
    await page.getByRole('button', { name: 'Table', exact: true }).click();
    await page.getByRole('button', { name: 'check 0:15:00', exact: true }).waitFor();
  });

  it('says at any moment of each task what the fold says', async () => {
    const records = await recordsOf('drain');
    const hash = `#scenario=drain&view=timeline&at=${records.length}`;
    await using visitor = await built.visit(hash);
    const { page } = visitor;
    await page.getByRole('button', { name: 'Table' }).click();
    const table = page.getByRole('table', { name: 'Tasks over time' });
    await table.waitFor();
    for (const seq of drawn(6, records.length, 7)) {
      await goTo(page, seq);
      const rows = await table
        .locator('.timeline-row.placed')
        .evaluateAll((all) =>
          all.map((row) => [...row.querySelectorAll('[role=cell]')].slice(0, 3).map((cell) => cell.textContent)),
        );
      const { tasks } = foldLog(records.slice(0, seq));
      const states = tasks.map(({ id, state }) => `${id} ${wordsOf(state)}`);
      expect(rows.map(([id, , state]) => `${id} ${state}`).sort(), `record ${seq}`).toEqual(states.sort());
      for (const { id, agentId } of tasks) {
        if (agentId !== null) expect(rows.find(([task]) => task === id)?.[1]).toBe(agentId);
      }
    }
  });

  it('goes where one clicks, and selects who is there; keys zoom and stay in the view', async () => {
    const records = await recordsOf('priorities');
    const hash = `#scenario=priorities&view=timeline&at=${records.length}`;
    await using visitor = await built.visit(hash);
    const { page } = visitor;
    const lanes = page.getByRole('group', { name: /^Lanes/ });
    await lanes.waitFor();
    const box = await lanes.boundingBox();
    if (box === null) throw new Error('it is not in sight');
    const [gutter, axis, row] = [190, 28, 26];
    const share = 0.5;
    await page.mouse.click(box.x + gutter + share * (box.width - gutter), box.y + axis + 2.5 * row);
    await page.getByRole('complementary', { name: 'Selected' }).getByRole('heading', { name: 'outage' }).waitFor();
    const [first, last] = [records[0]?.at ?? 0, records.at(-1)?.at ?? 0];
    const at = first + share * 1.02 * (last - first);
    expect(await momentOf(page)).toBe(records.findLastIndex((record) => record.at <= at) + 1);

    const picture = () => page.locator('.lanes canvas').evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());
    const before = await picture();
    await page.getByRole('button', { name: 'Play' }).focus();
    await page.keyboard.press('w');
    await expect.poll(picture).not.toBe(before);
    const zoomed = await picture();
    await lanes.focus();
    await page.keyboard.press('w');
    await page.keyboard.press('+');
    await expect.poll(picture).not.toBe(zoomed);
    expect(await page.getByRole('main').getAttribute('aria-label')).toBe('Timeline');
    expect(await page.getByRole('combobox', { name: 'Speed' }).inputValue()).toBe('1');
    await page.keyboard.press('f');
    await page.keyboard.press('ArrowDown');
    expect(await page.getByRole('button', { name: 'Show the whole run' }).isDisabled()).toBe(true);
  });

  it.each(['light', 'dark'] as const)('folds two hours in which nothing happens, %s', async (colorScheme) => {
    await using visitor = await built.visit('#view=timeline', { colorScheme });
    const { page } = visitor;
    await page
      .locator('input[type=file]')
      .setInputFiles({ name: 'lunch.yaml', mimeType: 'text/yaml', buffer: Buffer.from(lunch) });
    await page.getByRole('combobox', { name: 'Speed' }).selectOption('max');
    await page.getByRole('button', { name: 'Play' }).click();
    await page.getByRole('status', { name: 'Result' }).waitFor();
    await page.getByText(', some is folded').waitFor({ state: 'attached' });
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Fold idle time' }).click();
    expect(await page.getByText(', some is folded').count()).toBe(0);
    await page.getByRole('button', { name: 'Table' }).click();
    await page.getByRole('table', { name: 'Tasks over time' }).waitFor();
    expect(await violations(page)).toEqual([]);
  });
});
