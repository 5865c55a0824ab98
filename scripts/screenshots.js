/** `npm run screenshots`: pictures of the built page for the README, from a run that is the same every time. */
import { fileURLToPath } from 'node:url';
import { withPage } from './built-page.js';

/** Name of the picture, where it is taken, and in which colours. */
const pictures = [
  ['floor', '#scenario=auth-system&view=floor&at=59&actor=agent:security-1', 'light'],
  ['sequence', '#scenario=auth-system&view=sequence&at=45', 'dark'],
  ['actors', '#scenario=auth-system&view=actors&at=43&actor=task:auth-002-backend', 'light'],
  ['timeline', '#scenario=auth-system&view=timeline', 'light'],
  ['plan', '#scenario=auth-orchestration&view=plan', 'light'],
  ['why', '#scenario=auth-system&view=why&at=59', 'dark'],
];

const fileOf = (name) => fileURLToPath(new URL(`../inspector/screenshots/${name}.png`, import.meta.url));

await withPage(async (blank, url) => {
  const browser = blank.context().browser();
  for (const [name, hash, colorScheme] of pictures) {
    const visit = await browser.newContext({
      viewport: { width: 1280, height: 800 },
      colorScheme,
      reducedMotion: 'reduce',
    });
    const page = await visit.newPage();
    await page.goto(url + hash);
    await page.getByRole('button', { name: 'Play' }).waitFor();
    if (!hash.includes('at=')) {
      await page.getByRole('combobox', { name: 'Speed' }).selectOption('Infinity');
      await page.getByRole('button', { name: 'Play' }).click();
      await page.getByRole('status', { name: 'Result' }).waitFor();
    }
    await page.waitForLoadState('networkidle');
    await page.screenshot({ path: fileOf(name) });
    await visit.close();
    console.log(`inspector/screenshots/${name}.png`);
  }
});
