import type { Exceptions } from './exceptions.js';

/** The part of package-lock.json that the check reads. */
export interface Lock {
  packages: Record<string, { license?: string; link?: boolean }>;
}

/** Returns a sentence for each installed package whose licence is not allowed, and for each exception that nothing needs. */
export function licenceProblems(lock: Lock, { allowedLicences, licences }: Exceptions): string[] {
  const allowed = new Set(allowedLicences);
  const excepted = new Map(licences.flatMap(({ licence, packages }) => packages.map((name) => [`${name} ${licence}`, licence])));
  const unused = new Set(excepted.keys());
  const problems: string[] = [];
  for (const [path, { license, link }] of Object.entries(lock.packages)) {
    const start = path.lastIndexOf('node_modules/');
    if (start < 0 || link) continue;
    const name = path.slice(start + 'node_modules/'.length);
    if (license !== undefined && isAllowed(license, allowed)) continue;
    if (excepted.has(`${name} ${license}`)) unused.delete(`${name} ${license}`);
    else problems.push(`${name} is under ${license ?? 'no named licence'}, which is not on the list.`);
  }
  for (const exception of unused) problems.push(`The licence exception "${exception}" is of no installed package: remove it.`);
  return [...new Set(problems)];
}

/** Understands licence names joined by OR or by AND. An expression with both is refused, and needs an exception. */
function isAllowed(expression: string, allowed: ReadonlySet<string>): boolean {
  const bare = expression.replace(/^\((.*)\)$/, '$1');
  const alternatives = bare.split(' OR ');
  if (alternatives.length > 1) return !bare.includes(' AND ') && alternatives.some((licence) => allowed.has(licence));
  return bare.split(' AND ').every((licence) => allowed.has(licence));
}
