/** The wanted name, with as many underscores behind it as make it one that is not taken. It is taken from then on. */
export function unusedName(wanted: string, taken: Set<string>, alsoTaken?: ReadonlySet<string>): string {
  let name = wanted;
  while (taken.has(name) || alsoTaken?.has(name)) name += '_';
  taken.add(name);
  return name;
}
