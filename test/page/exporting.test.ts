/** What is exported of a run is what the run was: each form is read by somebody else's eyes. */
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { logHash, readLog, sequenceOf, traceOf } from '../../src/index.ts';
import { taskMachine, toMermaid } from '../../src/machines/index.ts';
import { exportTest, readScenario, runScenario } from '../../src/testing.ts';
import { violations } from './support/axe.ts';
import { builtPage } from './support/built-page.ts';

const scenario = readFileSync(new URL('../../scenarios/jwt-question.yaml', import.meta.url), 'utf8');

async function saved(page: Page, button: string): Promise<{ readonly name: string; readonly text: string }> {
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: button }).click();
  const file = await download;
  return { name: file.suggestedFilename(), text: readFileSync(await file.path(), 'utf8') };
}
const exportAs = (page: Page) => page.getByRole('button', { name: 'Export' }).click();
const recordsIn = (text: string) => readLog(text.split('\n'));

async function letFall(page: Page, name: string, text: string): Promise<void> {
  await page.evaluate(
    ([name, text]) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([text], name));
      for (const type of ['dragover', 'drop'] as const) {
        document.body.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
      }
    },
    [name, text] as const,
  );
}

describe('exports', () => {
  const built = builtPage();

  it('the log, and back again by letting it fall: the same hash (G12)', async () => {
    await using visitor = await built.visit('#scenario=jwt-question&view=log&at=999');
    const { page } = visitor;
    const result = page.getByRole('status', { name: 'Result' });
    await result.waitFor();
    await exportAs(page);
    const { name, text } = await saved(page, 'Save the log');
    expect(name).toBe('jwt-question.jsonl');
    const records = recordsIn(text);
    const behindEnd = records.findIndex(({ type }) => type === 'hub.stop');
    expect(logHash(records.slice(0, behindEnd))).toBe(await result.getAttribute('data-log-hash'));
    await page.keyboard.press('Escape');

    await letFall(page, 'again.jsonl', text);
    await page.locator('.run-tab[aria-current]').getByText('again.jsonl').waitFor();
    await exportAs(page);
    await page.getByText(`All ${records.length} records`).waitFor();
    expect((await saved(page, 'Save the log')).text).toBe(text);
  });

  it('trace, sequence, chart and picture', async () => {
    await using visitor = await built.visit('#scenario=jwt-question&view=health&at=999');
    const { page } = visitor;
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.locator('.chart svg').first().waitFor();
    await exportAs(page);
    const records = recordsIn((await saved(page, 'Save the log')).text);
    expect(JSON.parse((await saved(page, 'Save the trace')).text)).toEqual(traceOf(records));
    expect(await saved(page, 'Save the sequence')).toEqual({
      name: 'jwt-question.sequence.mmd',
      text: sequenceOf(records),
    });
    expect(await saved(page, 'Save the chart')).toEqual({ name: 'task.mmd', text: toMermaid(taskMachine) });
    const picture = await saved(page, 'Save the picture');
    expect(picture.name).toBe('jwt-question-health.svg');
    const drawn = await page.evaluate((text) => {
      const { documentElement } = new DOMParser().parseFromString(text, 'image/svg+xml');
      return [documentElement.nodeName, documentElement.querySelectorAll('path').length > 2];
    }, picture.text);
    expect(drawn).toEqual(['svg', true]);
    expect(await violations(page)).toEqual([]);
  });

  it('a test that passes as it is, and fails when it goes another way (G11)', async () => {
    await using visitor = await built.visit('#scenario=jwt-question&view=log&at=999');
    const { page } = visitor;
    await page.getByRole('status', { name: 'Result' }).waitFor();
    await exportAs(page);
    await page.getByRole('button', { name: 'Make a test' }).click();
    const file = await saved(page, 'Save jwt-question.scenario.yaml');
    const test = await saved(page, 'Save jwt-question.test.ts');
    const { records } = await runScenario(readScenario(scenario));
    const inNode = await exportTest({ records, name: 'jwt-question', scenario: { text: scenario } });
    expect([file, test]).toEqual(inNode.files);
    expect((await runScenario(readScenario(file.text))).outcome).toBe('passed');
    const other = file.text.replace(/^seed: \d+/m, 'seed: 99').replace(/return: .*/, 'fail: no');
    expect((await runScenario(readScenario(other))).outcome).toBe('failed');
    expect(await violations(page)).toEqual([]);
  });

  it.each([
    ['no JSON', 'hello\n', 'line 1'],
    ['of something else', '{"level":"info","msg":"started"}\n', 'line 1'],
    ['with a gap', `${lines(0)}\n${lines(2)}\n`, 'line 2'],
  ])('a log that is broken or foreign is refused where it is wrong: %s', async (_what, text, where) => {
    await using visitor = await built.visit();
    const { page } = visitor;
    await page.getByRole('heading', { name: 'Watch a team of agents' }).waitFor();
    await letFall(page, 'wrong.jsonl', text);
    const alert = page.getByRole('alert');
    await alert.getByText('wrong.jsonl').waitFor();
    expect(await alert.textContent()).toContain(where);
  });
});

/** A line of a log. */
function lines(index: number): string {
  return JSON.stringify({
    seq: index + 1,
    at: 1,
    id: `r${index}`,
    from: 'client',
    to: 'hub',
    correlationId: `r${index}`,
    causationId: null,
    type: 'agent.heartbeat',
    payload: {},
  });
}
