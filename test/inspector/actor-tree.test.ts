import { describe, expect, it } from 'vitest';
import { ActorTree, noFilter, type Row } from '../../inspector/src/model/actor-tree.ts';
import { recordedRun, recordsOf, scenarioText } from './support/recorded-run.ts';

const allOpen = () => false;
const names = (rows: readonly Row[]) => rows.map(({ level, id }) => `${'  '.repeat(level - 1)}${id}`);

async function treeOf(name: string) {
  const run = recordedRun(await recordsOf(scenarioText(name)));
  return { run, tree: new ActorTree(run).update() };
}

describe('the tree of actors', () => {
  it('T1: puts subtasks below their orchestration, questions and gates below who asked', async () => {
    const { run, tree } = await treeOf('auth-system');
    const rows = tree.rows(run.head, allOpen, noFilter);
    const above = (kind: string) => {
      const index = rows.findIndex(({ actor }) => actor?.kind === kind);
      const level = rows[index]?.level ?? 0;
      return rows.findLast((row, at) => at < index && row.level < level)?.id;
    };
    expect(above('consultation')).toBe('task:auth-002-backend');
    expect(above('gate')).toBe('task:auth-005-security');
    expect(above('task')).toBe('group:tasks');
    const { run: planned, tree: other } = await treeOf('diamond-dag');
    expect(names(other.rows(planned.head, allOpen, noFilter))).toEqual([
      'hub',
      '  group:agents',
      '    agent:dev-1',
      '    agent:dev-2',
      '  group:orchestrations',
      '    orchestration:diamond',
      ...['top', 'left', 'right', 'after-right', 'bottom'].map((id) => `      task:diamond.${id}`),
    ]);
  });

  it('has at every moment the actors that the fold has had, each once', async () => {
    const records = await recordsOf(scenarioText('auth-orchestration'));
    const seen = new Set<string>();
    let tree: ActorTree | undefined;
    recordedRun(records, ({ seq, changes, picture }, run) => {
      tree ??= new ActorTree(run);
      for (const { actor } of changes) seen.add(actor);
      const rows = tree.update().rows(seq, allOpen, noFilter);
      const ids = rows.flatMap(({ actor }) => actor?.id ?? []);
      expect(ids.length).toBe(new Set(ids).size);
      expect([...ids].sort()).toEqual([...seen].sort());
      for (const { id, state } of picture.tasks) {
        expect(rows.find((row) => row.id === `task:${id}`)?.actor?.at(seq)?.state).toBe(state);
      }
    });
  });

  it('T2: shows a moment in the past as it was shown then', async () => {
    const records = await recordsOf(scenarioText('split'));
    const then: string[][] = [];
    let tree: ActorTree | undefined;
    const run = recordedRun(records, ({ seq }, growing) => {
      tree ??= new ActorTree(growing);
      then.push(names(tree.update().rows(seq, allOpen, noFilter)));
    });
    for (const seq of [1, 7, 30, run.head]) {
      expect(names(new ActorTree(run).update().rows(seq, allOpen, noFilter))).toEqual(then[seq - 1]);
    }
  });

  it('finds by kind, state and words, and shows what they are below', async () => {
    const { run, tree } = await treeOf('auth-system');
    const found = (filter: Partial<typeof noFilter>) =>
      names(tree.rows(run.head, () => true, { ...noFilter, ...filter })).map((name) => name.trim());
    expect(found({ kind: 'gate' })).toEqual([
      'hub',
      'group:tasks',
      'task:auth-005-security',
      expect.stringMatching(/^gate:/),
    ]);
    expect(found({ text: 'is this authentication' })).toEqual([
      'hub',
      'group:tasks',
      'task:auth-002-backend',
      expect.stringMatching(/^consultation:/),
    ]);
    expect(found({ state: 'idle' }).length).toBe(2 + 7);
    expect(found({ state: 'idle', kind: 'task' })).toEqual(['hub']);
  });

  it('says of each row where it stands among its brothers', async () => {
    const { run, tree } = await treeOf('auth-system');
    const rows = tree.rows(run.head, (id) => id === 'group:agents', noFilter);
    const agents = rows.find(({ id }) => id === 'group:agents');
    expect(agents).toMatchObject({ size: 7, isExpanded: false, place: 1, brothers: 2, level: 2 });
    expect(rows.some(({ id }) => id.startsWith('agent:'))).toBe(false);
    const tasks = rows.filter(({ level, actor }) => level === 3 && actor?.kind === 'task');
    expect(tasks.map(({ place, brothers }) => [place, brothers])).toEqual(
      [1, 2, 3, 4, 5, 6].map((place) => [place, 6]),
    );
  });
});
