import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { asFileName, isFileName } from '../../src/coordination/file-names.ts';
import { Folder } from '../../src/coordination/folder.ts';

function directory(name: string): string {
  const path = mkdtempSync(join(tmpdir(), `xstate-hub-${name}-`));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

async function opened() {
  const project = directory('project');
  const outside = directory('outside');
  writeFileSync(join(outside, 'secret.json'), 'secret');
  return {
    folder: await Folder.open(project),
    project,
    outside,
    inside: (path: string) => join(project, 'coordination', path),
  };
}

const wicked = [
  '..',
  '.',
  '',
  '../x',
  '../../etc/passwd',
  '/etc/passwd',
  'a/b',
  'a\\b',
  '..\\x',
  'C:\\x',
  'c:x',
  'a\0b',
  'a\nb',
  '.hidden',
  '-rf',
  'a b',
  'a.',
  'con',
  'NUL',
  'nul.json',
  'COM1.txt',
  'lpt9',
  'aux.tar.gz',
  'ä',
  '\u202eexe',
  '$(id)',
  'a;b',
  'a:b',
  'x'.repeat(300),
];

describe('names', () => {
  test.each(wicked)('%j is no name, in whatever place (Fo1)', async (name) => {
    const { folder } = await opened();

    expect(isFileName(name)).toBe(false);
    for (const path of [[name], [name, 'x.json'], ['masters', name, 'x.json']]) {
      await expect(folder.read(path, 100)).rejects.toMatchObject({ code: 'forbidden' });
      await expect(folder.write(path, 'x')).rejects.toMatchObject({ code: 'forbidden' });
      await expect(folder.append(path, 'x')).rejects.toMatchObject({ code: 'forbidden' });
      await expect(folder.make(path)).rejects.toMatchObject({ code: 'forbidden' });
      await expect(folder.move(['a'], path)).rejects.toMatchObject({ code: 'forbidden' });
    }
  });

  test('a refusal shows no control characters', async () => {
    const { folder } = await opened();

    await expect(folder.read(['a\u001b[2Jb'], 1)).rejects.toThrow('coordination/a\\u001b[2Jb: is no name');
  });

  test.each(['auth-001-design', 'task-queue.json', 'a', 'a..b', 'console', 'x_1.2.3'])('%s is one', (name) => {
    expect(isFileName(name)).toBe(true);
    expect(asFileName(name)).toBe(name);
  });

  test.each(wicked.concat('a'.repeat(101), '((', '1.'))('there is a name like %j', (name) => {
    expect(isFileName(asFileName(name), 100)).toBe(true);
    expect(asFileName(name)).toBe(asFileName(name));
  });
});

describe('links', () => {
  test('a folder that leads out is refused for reading, writing, adding, moving and making (Fo1)', async () => {
    const { folder, outside, inside } = await opened();
    symlinkSync(outside, inside('masters'));

    const path = ['masters', 'secret.json'];
    for (const work of [
      () => folder.read(path, 100),
      () => folder.write(path, 'x'),
      () => folder.append(path, 'x'),
      () => folder.make(['masters', 'x']),
      () => folder.stamp(path),
      () => folder.names(['masters', 'x']),
    ]) {
      await expect(work()).rejects.toMatchObject({
        code: 'forbidden',
        message: expect.stringContaining('leads out of'),
      });
    }
    expect(readFileSync(join(outside, 'secret.json'), 'utf8')).toBe('secret');
    expect(existsSync(join(outside, 'x'))).toBe(false);
  });

  test('a file that leads out is refused', async () => {
    const { folder, outside, inside } = await opened();
    symlinkSync(join(outside, 'secret.json'), inside('task-queue.json'));

    const path = ['task-queue.json'];
    for (const work of [() => folder.read(path, 100), () => folder.write(path, 'x'), () => folder.append(path, 'x')]) {
      await expect(work()).rejects.toMatchObject({ code: 'forbidden' });
    }
    expect(readFileSync(join(outside, 'secret.json'), 'utf8')).toBe('secret');
  });

  test('a coordination folder that leads out is refused, and one that stays in is not', async () => {
    const [project, outside, other] = [directory('project'), directory('outside'), directory('other')];
    symlinkSync(outside, join(project, 'coordination'));
    mkdirSync(join(other, 'real'));
    symlinkSync(join(other, 'real'), join(other, 'coordination'));

    await expect(Folder.open(project)).rejects.toMatchObject({ code: 'forbidden' });
    await (await Folder.open(other)).write(['a.json'], 'x');
    expect(readFileSync(join(other, 'real', 'a.json'), 'utf8')).toBe('x');
  });

  test('a link that stays in is followed, and stays a link when its file is replaced', async () => {
    const { folder, project, inside } = await opened();
    writeFileSync(join(project, 'queue.json'), 'one');
    symlinkSync(join(project, 'queue.json'), inside('task-queue.json'));
    await folder.write(['task-queue.json'], 'two');

    expect(readFileSync(join(project, 'queue.json'), 'utf8')).toBe('two');
    expect((await folder.read(['task-queue.json'], 100))?.text).toBe('two');
  });
});

test('when a file of the project was changed is told of what is in it, and of nothing else (Fo1)', async () => {
  const { folder, project, outside } = await opened();
  mkdirSync(join(project, 'src'));
  writeFileSync(join(project, 'src', 'a.ts'), '');
  utimesSync(join(project, 'src', 'a.ts'), 1000, 1000);
  symlinkSync(outside, join(project, 'out'));

  expect(await folder.changedAt('src/a.ts')).toBe(1_000_000);
  for (const file of [
    'src/b.ts',
    'src',
    'out/secret.json',
    join(outside, 'secret.json'),
    `../${basename(outside)}/secret.json`,
    'a\0b',
    '',
    'x'.repeat(5000),
  ]) {
    expect(await folder.changedAt(file)).toBe(0);
  }
});

describe('files', () => {
  test('a pipe, a folder or too large a file is refused, without waiting (Fo3)', async () => {
    const { folder, inside } = await opened();
    execFileSync('/usr/bin/env', ['mkfifo', inside('pipe')]);
    mkdirSync(inside('folder'));
    writeFileSync(inside('large'), 'x'.repeat(101));

    await expect(folder.read(['pipe'], 100)).rejects.toThrow('coordination/pipe: is no regular file');
    await expect(folder.read(['folder'], 100)).rejects.toThrow('coordination/folder: is no regular file');
    await expect(folder.read(['large'], 100)).rejects.toThrow('coordination/large: is larger than 100 bytes');
  });

  test('what is not there reads as nothing', async () => {
    const { folder } = await opened();

    expect(await folder.read(['no', 'such', 'file'], 100)).toBeUndefined();
    expect(await folder.stamp(['no-file'])).toBeUndefined();
    expect(await folder.names(['no-folder'])).toEqual([]);
    expect(await folder.move(['no-file'], ['other'])).toBe(false);
  });

  test('whoever reads while it is replaced sees it whole, old or new (Fo2)', async () => {
    const { folder, inside } = await opened();
    const text = (letter: string) => letter.repeat(200_000);
    await folder.write(['a.json'], text('a'));
    let isOver = false;
    const writing = (async () => {
      for (let round = 0; round < 30; round++) await folder.write(['a.json'], text(round % 2 === 0 ? 'b' : 'a'));
      isOver = true;
    })();
    const seen = new Set<string>();
    while (!isOver) {
      const found = readFileSync(inside('a.json'), 'utf8');
      seen.add(found === text('a') || found === text('b') ? 'whole' : `torn: ${found.length}`);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await writing;

    expect([...seen]).toEqual(['whole']);
  });

  test('replacing keeps the permissions, and leaves nothing beside', async () => {
    const { folder, inside } = await opened();
    writeFileSync(inside('a.json'), 'one', { mode: 0o640 });
    await folder.write(['a.json'], 'two');

    expect(statSync(inside('a.json')).mode & 0o777).toBe(0o640);
    expect(await folder.names([])).toEqual(['a.json']);
  });

  test('why it cannot be replaced is said in the same words each time', async () => {
    const { folder, inside } = await opened();
    mkdirSync(inside('a.json'));
    const why = () => folder.write(['a.json'], 'x').catch((error: Error) => error.message);

    expect(await why()).toMatch(/EISDIR.*a\.json/);
    expect(await why()).toBe(await why());
    expect(await why()).not.toContain('.tmp');
  });

  test('what others write meanwhile stays', async () => {
    const { folder, inside } = await opened();
    writeFileSync(inside('queue.json'), 'one');
    const stamp = (await folder.stamp(['queue.json'])) ?? '';
    const writing = folder.writeIfStill(['queue.json'], 'ours', stamp);
    writeFileSync(inside('theirs'), 'theirs');
    renameSync(inside('theirs'), inside('queue.json'));

    expect(await writing).toBe(false);
    expect(readFileSync(inside('queue.json'), 'utf8')).toBe('theirs');
    expect(readdirSync(inside(''))).toEqual(['queue.json']);
    expect(await folder.writeIfStill(['queue.json'], 'ours', (await folder.stamp(['queue.json'])) ?? '')).toBe(true);
    expect(readFileSync(inside('queue.json'), 'utf8')).toBe('ours');
  });

  test('what a killed process left half-written is swept, and nothing else', async () => {
    const { folder, inside } = await opened();
    for (const name of ['.xstate-hub-123-4.tmp', '.other.tmp', 'a.json']) writeFileSync(inside(name), 'x');
    await folder.sweep([]);

    expect(['.xstate-hub-123-4.tmp', '.other.tmp', 'a.json'].map((name) => existsSync(inside(name)))).toEqual([
      false,
      true,
      true,
    ]);
  });

  test('a directory that is none is refused', async () => {
    const file = join(directory('project'), 'file');
    writeFileSync(file, '');

    await expect(Folder.open(file)).rejects.toMatchObject({ code: 'ENOTDIR' });
    await expect(Folder.open(`${file}-not`)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
