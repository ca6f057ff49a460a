// What a story holds to be true.

/** Fails unless `fact` is true. */
export function holdsTrue(fact, said) {
  if (!fact) throw new Error(said);
}

/** Fails unless the list is empty, and shows what is in it. */
export function isEmpty(list, said) {
  if (list.length > 0) throw new Error(`${said}:\n  ${list.join("\n  ")}`);
}
