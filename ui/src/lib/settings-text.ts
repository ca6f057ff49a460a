// Settings as a person would type them.

/** Characters that a shell takes as they are. */
const PLAIN = /^[\w@%+=:,./-]+$/u;

/** Arguments as one command line, quoted for a POSIX shell where needed. */
export function commandLine(args: readonly string[]): string {
  return args.map((arg) => (PLAIN.test(arg) ? arg : `'${arg.replace(/'/gu, `'\\''`)}'`)).join(" ");
}

/** `NAME=value` pairs taken apart at the first `=`; one without is a name with an empty value. */
export function namedValues(pairs: readonly string[]): { name: string; value: string }[] {
  return pairs.map((pair) => {
    const equals = pair.indexOf("=");
    return equals === -1 ? { name: pair, value: "" } : { name: pair.slice(0, equals), value: pair.slice(equals + 1) };
  });
}
