/**
 * From the words on the command line to a command.
 *
 * - L1 what is not known goes to stderr with exit code 2, and nothing runs.
 */
import { readFileSync } from 'node:fs';
import { slipOf } from '../machines/nearest.ts';
import { type Command, type CommandIo, type ExitCode, UsageError } from './command.ts';

export async function main(commands: readonly Command[], args: readonly string[], io: CommandIo): Promise<ExitCode> {
  const [word, ...rest] = args;
  switch (word) {
    case undefined:
      io.stderr.write(overview(commands));
      return 2;
    case '--version':
    case '-v':
      io.stdout.write(`${version()}\n`);
      return 0;
    case '--help':
    case '-h':
    case 'help':
      return help(commands, rest[0], io);
    default: {
      const command = find(commands, word);
      if (command === undefined) return unknown(commands, word, io);
      if (asksForHelp(rest)) return help(commands, word, io);
      return run(command, rest, io);
    }
  }
}

async function run(command: Command, args: readonly string[], io: CommandIo): Promise<ExitCode> {
  try {
    return await command.run(args, io);
  } catch (error) {
    const fault = usageFault(error);
    if (fault === undefined) throw error;
    if (args.includes('--json')) {
      io.stderr.write(`${JSON.stringify({ error: { code: 'usage', message: fault } })}\n`);
    } else {
      io.stderr.write(`xstate-hub ${command.name}: ${fault}\n\n${firstLine(command.usage)}\n`);
      io.stderr.write(`Try: xstate-hub help ${command.name}\n`);
    }
    return 2;
  }
}

function help(commands: readonly Command[], name: string | undefined, io: CommandIo): ExitCode {
  const command = find(commands, name);
  if (name !== undefined && command === undefined) return unknown(commands, name, io);
  io.stdout.write(command === undefined ? overview(commands) : `${command.usage.trimEnd()}\n`);
  return 0;
}

function unknown(commands: readonly Command[], word: string, io: CommandIo): ExitCode {
  const kind = word.startsWith('-') ? 'option' : 'command';
  const names = commands.map(({ name }) => name);
  const meant = slipOf(word, names);
  io.stderr.write(`xstate-hub: unknown ${kind} "${word}"${meant === undefined ? '' : `; did you mean ${meant}?`}\n`);
  io.stderr.write(`Commands: ${names.join(', ')}. Try: xstate-hub --help\n`);
  return 2;
}

function overview(commands: readonly Command[]): string {
  const rows: [string, string][] = [
    ...commands.map(({ name, summary }): [string, string] => [name, summary]),
    ['help COMMAND', 'what a command does and takes'],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  return [
    'Usage: xstate-hub COMMAND …',
    '',
    ...rows.map(([name, summary]) => `  ${name.padEnd(width)}  ${summary}`),
    '',
    'Options: --help, --version',
    '',
  ].join('\n');
}

const find = (commands: readonly Command[], name: string | undefined) =>
  commands.find((command) => command.name === name);

function asksForHelp(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  const options = end === -1 ? args : args.slice(0, end);
  return options.includes('--help') || options.includes('-h');
}

/** What the caller did wrong: as the command says it, or the first sentence of what `parseArgs` does. */
function usageFault(error: unknown): string | undefined {
  if (error instanceof UsageError) return error.message;
  const { code, message } = error as { code?: unknown; message?: unknown };
  const isOption = typeof code === 'string' && code.startsWith('ERR_PARSE_ARGS_');
  return isOption ? String(message).split('. ', 1)[0] : undefined;
}

const firstLine = (text: string): string => text.split('\n', 1)[0] ?? '';

function version(): string {
  const manifest = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}
