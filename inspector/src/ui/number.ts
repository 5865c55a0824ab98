const english = new Intl.NumberFormat('en');

/** `15,003`: every count that a person reads. */
export const number = (value: number): string => english.format(value);
