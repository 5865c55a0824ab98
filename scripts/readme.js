/**
 * Keeps the README's examples and charts equal to the code: what stands between
 * `<!-- from FILE -->` or `<!-- chart NAME -->` and `<!-- end -->` is made anew.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { machines, toMermaid } from 'xstate-hub/machines';

const root = new URL('../', import.meta.url);
const languages = { ts: 'ts', yaml: 'yaml' };

/** @param {string} text the README as it is */
export function renderReadme(text) {
  return text.replace(
    /<!-- (from|chart) (\S+) -->\n[\s\S]*?<!-- end -->/g,
    (_whole, /** @type {string} */ kind, /** @type {string} */ name) =>
      `<!-- ${kind} ${name} -->\n${kind === 'from' ? example(name) : chart(name)}<!-- end -->`,
  );
}

/** @param {string} file */
function example(file) {
  const language = languages[/** @type {keyof typeof languages} */ (file.split('.').at(-1))];
  return `\`\`\`${language}\n${readFileSync(new URL(file, root), 'utf8').trimEnd()}\n\`\`\`\n`;
}

/** @param {string} name */
function chart(name) {
  const machine = machines[/** @type {keyof typeof machines} */ (name)];
  return `\`\`\`mermaid\n${toMermaid(machine).trimEnd()}\n\`\`\`\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const readme = new URL('README.md', root);
  writeFileSync(readme, renderReadme(readFileSync(readme, 'utf8')));
}
