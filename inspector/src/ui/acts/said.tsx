import type { Acting } from './use-act.ts';

/** What came of it, or why it cannot be done: now, whatever was done before. */
export function Said({ acting: { said, trouble } }: { readonly acting: Acting }) {
  const isTrouble = said?.isTrouble === true;
  return (
    <p role="status" className={isTrouble ? 'acts-said tone-trouble said' : 'acts-said soft'}>
      {(isTrouble ? said.text : (trouble ?? said?.text)) ?? ''}
    </p>
  );
}
