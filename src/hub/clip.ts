/** The text, or as much of it as fits into so many characters, with a mark that there was more. */
export const clip = (text: string, most: number): string =>
  text.length <= most ? text : `${text.slice(0, most - 1)}…`;
