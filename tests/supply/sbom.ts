/** The parts of a CycloneDX document that the check reads (https://cyclonedx.org/docs/1.5/json/). */
export interface Sbom {
  bomFormat: string;
  specVersion: string;
  metadata: { component: { name: string; 'bom-ref': string } };
  components: { 'bom-ref': string; name: string; version: string; purl: string; licenses?: unknown[] }[];
  dependencies: { ref: string; dependsOn?: string[] }[];
}

/** Returns a sentence for each thing that makes the document useless: a missing name or version, a double, a reference to nothing. */
export function sbomProblems(sbom: Sbom): string[] {
  const problems: string[] = [];
  if (sbom.bomFormat !== 'CycloneDX') problems.push(`The format is ${sbom.bomFormat}, not CycloneDX.`);
  if (sbom.components.length === 0) problems.push('There is no component.');
  const refs = new Set([sbom.metadata.component['bom-ref']]);
  for (const component of sbom.components) {
    const ref = component['bom-ref'];
    if (refs.has(ref)) problems.push(`${ref} is listed twice.`);
    refs.add(ref);
    if (!component.name || !component.version) problems.push(`${ref} has no name or no version.`);
    if (!component.purl?.startsWith('pkg:npm/')) problems.push(`${ref} has no package URL.`);
  }
  for (const { ref, dependsOn = [] } of sbom.dependencies)
    for (const one of [ref, ...dependsOn])
      if (!refs.has(one)) problems.push(`A dependency of ${ref} names ${one}, which is not listed.`);
  return [...new Set(problems)];
}
