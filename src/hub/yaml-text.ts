/**
 * YAML (and so JSON) that a person wrote: its value, and on which line each part of it stands.
 *
 * - Y1 no text takes the process down: what is nested too deeply is refused before anything descends into it.
 */
import { type Document, isMap, isScalar, isSeq, Lexer, LineCounter, Parser, parseDocument } from 'yaml';
import { HubError } from '../machines/errors.ts';

export interface YamlText {
  readonly value: unknown;
  /** The line, from 1, of the deepest part on the path that there is. */
  lineOf(path: readonly string[]): number;
}

/** Deepest nesting; far below where the parser, which descends, would run out of stack. */
const deepest = 100;

/**
 * Throws `invalid` with file, line and column for what is not YAML.
 *
 * @param file what to call the text in errors
 */
export function readYaml(text: string, file: string): YamlText {
  if (typeof text !== 'string' || typeof file !== 'string') {
    throw new HubError('invalid', 'expected text, and the name of its file', { expected: 'YAML or JSON' });
  }
  const lines = new LineCounter();
  const refuse = (where: string, why: string, cause?: unknown) =>
    new HubError('invalid', `${where}: not YAML: ${why}`, { expected: 'YAML or JSON', cause });
  if (isTooDeep(text)) throw refuse(file, `nested deeper than ${deepest} levels`);
  let document: Document.Parsed;
  let value: unknown;
  try {
    document = parseDocument(text, { lineCounter: lines, prettyErrors: false, schema: 'core' });
    value = document.errors.length === 0 ? document.toJS({ maxAliasCount: 100 }) : undefined;
  } catch (cause) {
    // Aliases that would blow it up, or that name nothing.
    throw refuse(file, (cause as Error).message, cause);
  }
  const [broken] = document.errors;
  if (broken !== undefined) {
    const { line, col } = lines.linePos(broken.pos[0]);
    const where = `${file}:${line}:${col}`;
    if (broken.code !== 'MULTIPLE_DOCS') throw refuse(where, broken.message);
    throw new HubError('invalid', `${where}: expected one document, and here another begins`, {
      expected: 'one document',
    });
  }
  return { value, lineOf: (path) => lines.linePos(offsetOf(document.contents, path)).line || 1 };
}

function isTooDeep(text: string): boolean {
  const parser = new Parser();
  for (const lexeme of new Lexer().lex(text)) {
    for (const _token of parser.next(lexeme)) {
      // Only how deep the parser stands is asked for.
    }
    if (parser.stack.length > deepest) return true;
  }
  return false;
}

function offsetOf(root: unknown, path: readonly string[]): number {
  let here = root;
  let offset = startOf(root) ?? 0;
  for (const key of path) {
    if (isMap(here)) {
      const pair = here.items.find((item) => isScalar(item.key) && String(item.key.value) === key);
      offset = startOf(pair?.key) ?? offset;
      here = pair?.value;
    } else if (isSeq(here)) {
      here = here.items[Number(key)];
      offset = startOf(here) ?? offset;
    } else {
      break;
    }
  }
  return offset;
}

const startOf = (node: unknown): number | undefined => (node as { range?: [number] } | null | undefined)?.range?.[0];
