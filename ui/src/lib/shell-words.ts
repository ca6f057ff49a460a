// Words as a shell takes them.

/** A word, quoted where a shell would take it apart. */
export function shellWord(word: string): string {
  return /^[\w.:@/=-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
