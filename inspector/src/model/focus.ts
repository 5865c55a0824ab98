/**
 * Keeps the keyboard's place: when what had the focus is gone (a card that was opened, a panel that was closed), the
 * focus goes to the main part of the page, and not back to its very beginning. A dialog gives it back to what opened
 * it, in the frame after it was closed, and goes first.
 */
export function keepFocus(page: Document): void {
  let last: Element | null = null;
  page.addEventListener('focusin', ({ target }) => {
    last = target instanceof Element ? target : null;
  });
  const catchIt = () => {
    if (!isLost()) return;
    const main = page.querySelector('main');
    if (main === null) return;
    main.tabIndex = -1;
    main.focus({ preventScroll: true });
  };
  const isLost = () => last !== null && !last.isConnected && page.activeElement === page.body;
  const look = () => {
    if (isLost()) requestAnimationFrame(catchIt);
  };
  new MutationObserver(look).observe(page.body, { childList: true, subtree: true });
}
