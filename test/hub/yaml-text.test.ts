import { expect, test } from 'vitest';
import { readYaml } from '../../src/hub/yaml-text.ts';
import { refusal } from '../support/refusals.ts';

test('the value, and the line of each part; of what is not there, the line of what is around it', () => {
  const { value, lineOf } = readYaml('# a file\na:\n  - b: 1\n  - b: 2\n    c: { d: 3 }\n', 'a.yaml');

  expect(value).toEqual({ a: [{ b: 1 }, { b: 2, c: { d: 3 } }] });
  expect(
    [[], ['a'], ['a', '0'], ['a', '1', 'b'], ['a', '1', 'c', 'd'], ['a', '1', 'x'], ['a', '7'], ['x']].map(lineOf),
  ).toEqual([2, 2, 3, 4, 5, 4, 2, 2]);
});

test('a date stays text, whatever the file says about its YAML', () => {
  expect(readYaml('%YAML 1.1\n---\nuntil: 2026-12-31\n', 'a.yaml').value).toEqual({ until: '2026-12-31' });
});

test.each(['[', '- ', '{a: ', '? '])('Y1 %j a hundred thousand times is refused', (text) => {
  expect(refusal(() => readYaml(text.repeat(100_000), 'a.yaml'))).toMatchObject({
    code: 'invalid',
    message: 'a.yaml: not YAML: nested deeper than 100 levels',
  });
});

test('Y1 aliases that would blow up are refused', () => {
  const line = (name: string, of: string) => `${name}: &${name} [${Array(10).fill(`*${of}`).join(', ')}]\n`;
  const bomb = `a: &a [x, x, x]\n${line('b', 'a')}${line('c', 'b')}${line('d', 'c')}${line('e', 'd')}`;

  expect(refusal(() => readYaml(bomb, 'a.yaml')).message).toMatch(/^a\.yaml: not YAML: .*alias/);
});
