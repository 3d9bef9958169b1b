/** Returns `wanted`, with underscores appended until neither set has it, and adds the result to `taken`. */
export function unusedName(wanted: string, taken: Set<string>, alsoTaken?: ReadonlySet<string>): string {
  let name = wanted;
  while (taken.has(name) || alsoTaken?.has(name)) name += '_';
  taken.add(name);
  return name;
}
