/** Replaces every `{name}` of the template. @throws RangeError for a name that has no value. */
export function fillIn(template: string, values: Readonly<Record<string, string | number>>): string {
  return template.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new RangeError(`The sample text "${template}" names {${name}}, which has no value.`);
    return String(value);
  });
}

/** `12,345`, written out by hand because toLocaleString depends on the ICU data of the machine. */
export function grouped(amount: number): string {
  return String(amount).replace(/\B(?=(\d{3})+$)/g, ',');
}
