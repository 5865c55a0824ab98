/** Looks now, and whenever what is in sight of `element` changes: by scrolling, or because its size does; until it is called off. */
export function watchScroll(element: HTMLElement, look: () => void): () => void {
  look();
  const observer = new ResizeObserver(look);
  observer.observe(element);
  element.addEventListener('scroll', look, { passive: true });
  return () => {
    observer.disconnect();
    element.removeEventListener('scroll', look);
  };
}
