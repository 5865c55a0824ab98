/** The scenario files that come with the page. */
export interface GalleryEntry {
  readonly name: string;
  readonly text: string;
  readonly description: string;
  readonly agents: number;
  readonly tasks: number;
}

const files = import.meta.glob<string>('../../../scenarios/*.yaml', { query: '?raw', import: 'default', eager: true });

export const gallery: readonly GalleryEntry[] = Object.entries(files)
  .map(([path, text]) => ({
    name: path.slice(path.lastIndexOf('/') + 1, -'.yaml'.length),
    text,
    description: descriptionOf(text),
    agents: countOf(text, 'agents'),
    tasks: countOf(text, 'tasks') + countOf(text, 'orchestrations') + countOf(text, 'schedules'),
  }))
  .sort((a, b) => Number(b.name === 'auth-system') - Number(a.name === 'auth-system') || a.name.localeCompare(b.name));

/** What stands behind `description:`, which our files write in plain or folded style. */
function descriptionOf(text: string): string {
  const [, folded, plain] = /^description:(?: >-?\n((?: {2}.*\n)+)| (.*)$)/m.exec(text) ?? [];
  return (folded ?? plain ?? '')
    .replace(/\s+/g, ' ')
    .replace(/^["']|["']$/g, '')
    .trim();
}

/** How many items a list at the top of the file has. */
function countOf(text: string, list: string): number {
  const [, items = ''] = new RegExp(`^${list}:\\n((?:(?: .*)?\\n)+)`, 'm').exec(text) ?? [];
  return items.match(/^ {2}- /gm)?.length ?? 0;
}
