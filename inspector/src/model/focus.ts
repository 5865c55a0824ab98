/**
 * Keeps the keyboard's place: when what had the focus is gone (a card that was opened, a panel that was closed), the
 * focus goes to the main part of the page, and not back to its very beginning.
 */
export function keepFocus(page: Document): void {
  let last: Element | null = null;
  page.addEventListener('focusin', ({ target }) => {
    last = target instanceof Element ? target : null;
  });
  const catchIt = () => {
    if (last === null || last.isConnected || page.activeElement !== page.body) return;
    const main = page.querySelector('main');
    if (main === null) return;
    main.tabIndex = -1;
    main.focus({ preventScroll: true });
  };
  new MutationObserver(catchIt).observe(page.body, { childList: true, subtree: true });
}
