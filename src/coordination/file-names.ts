/** Which ids can be names of files, on every system. */

/** Longest id that becomes a part of a name: `to-{master}-subtask-{id}.json` has to stay below 255 bytes. */
export const longestId = 100;

/** Devices of Windows: `nul.json` is the null device, too. */
const reserved = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/** Letters, digits, `.`, `_` and `-`; nothing that a path, a shell or Windows would take for something else. */
export const isFileName = (name: string, longest = 240): boolean =>
  name.length <= longest && /^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9_-])?$/.test(name) && !reserved.test(name);

/** The id itself, or one like it that can be a name; the same for the same id. */
export function asFileName(id: string): string {
  if (isFileName(id, longestId)) return id;
  const letters = id.replace(/[^A-Za-z0-9_-]+/g, '-').slice(0, longestId - 2);
  return `x-${letters}`.replace(/-+$/, '');
}
