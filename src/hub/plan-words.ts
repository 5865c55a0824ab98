/** What the words of a subtask give away: whether its criterion can be measured, and whether it is more than one task. */

/** A criterion of these words alone says nothing. */
const empty = new Set(
  `tbd todo tba na n/a none nothing unknown done finished complete completed works working ok okay fine good ready yes
   success successful passed task it is the a all everything well`.split(/\s+/),
);

/** Words of taste: nobody can say whether they hold. */
const vague =
  /\b(better|nicer?|good|great|well|clean(er)?|properly|appropriate(ly)?|reasonabl[ey]|user[- ]friendly|intuitive|robust|modern|elegant|high[- ]quality|fast(er)?|quick(er|ly)?|easy|easier|simpler?|scalable|improved?|optimi[sz]ed|satisf(ied|actory)|happy|as (expected|needed|desired|appropriate)|looks|feels|correct(ly)?|enough|sufficient(ly)?)\b/i;

/** What can be looked at, counted or run. */
const observable =
  /\d|%|\b(pass(es|ed|ing)?|fail(s|ed|ing)?|exists?|creat(ed|es)|return(s|ed)?|respond(s|ed)?|contain(s|ed)?|includes?|included|list(s|ed)|covers?|covered|document(s|ed)?|describ(es|ed)|report(s|ed)?|written|published|deployed|merged|approved|reviewed|signed|stored|sav(es|ed)|reject(s|ed)?|refus(es|ed)|accept(s|ed)?|log(s|ged)|shows?|shown|display(s|ed)?|prints?|validat(es|ed)|implemented|add(s|ed)|removed|fixed|resolved|migrated|compiles?|builds?|green|no|zero|every|each|without|verified|scanned|checked|answered|updated|named|recorded|reachable|available|encrypted|hashed)\b/i;

/** Whether the criterion says nothing at all. */
export function isEmptyCriterion(text: string): boolean {
  const words = text.toLowerCase().match(/[^\s.,;:!?()"'-]+/g) ?? [];
  return words.every((word) => empty.has(word));
}

/** Whether one could look and say yes or no. */
export const isMeasurable = (text: string): boolean =>
  observable.test(text) || (!vague.test(text) && hasThreeWords(text));

const hasThreeWords = (text: string): boolean => text.trim().split(/\s+/).length >= 3;

/** Verbs that begin a task. */
const verbs = new Set(
  `add analyse analyze architect audit automate benchmark build bump catalog catalogue change check clean collect
   configure convert create debug define delete deploy design develop document draft drop enable ensure evaluate explain
   export extend extract find fix generate harden implement improve inspect install integrate introduce investigate
   launch list measure migrate model monitor move optimise optimize package patch plan port prepare provision publish
   refactor release remove rename repair replace report research restructure review rework rewrite rollout run scan secure
   send setup ship specify split test train translate update upgrade validate verify wire write`.split(/\s+/),
);

/** The verb that `text` begins with, in lower case. */
export function leadingVerb(text: string): string | undefined {
  const [word = ''] = text
    .trim()
    .toLowerCase()
    .replace(/^set up\b/, 'setup')
    .split(/[^a-z]+/, 1);
  return verbs.has(word) ? word : undefined;
}

/** What joins one piece of a title to the next. */
export const joints = /\s*(?:[,;&+]|->|[\u2192\u21d2]|\band\b|\bthen\b)\s*/i;

/** The pieces of a title that are joined by "and", commas or arrows. */
export const partsOf = (title: string): string[] => title.split(joints).filter((part) => part !== '');

/** The parts of a title that are tasks of their own: each begins with a verb, and the verbs differ. */
export function responsibilitiesOf(title: string): string[] {
  const verbs = new Map<string, string>();
  for (const part of partsOf(title)) {
    const verb = leadingVerb(part);
    if (verb !== undefined && !verbs.has(verb)) verbs.set(verb, part);
  }
  return [...verbs.values()];
}
