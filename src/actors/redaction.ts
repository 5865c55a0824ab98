/**
 * Taking secrets out of records before they leave: what stands under a name is replaced, wherever it stands.
 *
 * A rule is a key (`token`) or the end of a dotted path (`auth.token`); the items of an array have no name of
 * their own. What a project's patch writes has the names of the place that it writes to.
 */
import type { Json } from '../machines/json.ts';
import type { HubRecord } from '../machines/messages.ts';

const redacted = '[redacted]';

/** @param rules keys and dotted paths into payloads */
export function redaction(rules: readonly string[]): (record: HubRecord) => HubRecord {
  const paths = rules.map((rule) => rule.split('.').reverse());
  const isSecret = (names: readonly string[]) =>
    paths.some((path) => path.every((name, back) => name === names[names.length - 1 - back]));

  const clean = (value: Json, names: readonly string[]): Json => {
    if (names.length > 0 && isSecret(names)) return redacted;
    if (Array.isArray(value)) return value.map((item: Json) => clean(item, names));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, field]) => [key, clean(field as Json, [...names, key])]),
    );
  };
  const cleanPatch = <P extends { readonly path: readonly (string | number)[]; readonly value?: unknown }>(
    patch: P,
  ) => {
    const names = patch.path.filter((name) => typeof name === 'string');
    const isInside = names.some((_name, index) => isSecret(names.slice(0, index + 1)));
    return 'value' in patch ? { ...patch, value: isInside ? redacted : clean(patch.value as Json, names) } : patch;
  };
  return (record) => {
    if (paths.length === 0) return record;
    if (record.type === 'project.updated') {
      return { ...record, payload: { patches: record.payload.patches.map(cleanPatch) } } as HubRecord;
    }
    return { ...record, payload: clean(record.payload as Json, []) } as HubRecord;
  };
}
