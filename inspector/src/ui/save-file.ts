/** Hands a file over to the person, as the browser saves files. */
export function saveFile(name: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: typeOf(name) }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

function typeOf(name: string): string {
  if (name.endsWith('.svg')) return 'image/svg+xml';
  return name.endsWith('.json') ? 'application/json' : 'text/plain';
}
