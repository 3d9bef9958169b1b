import { readdirSync, readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { AppError } from '@bailiwick/kernel/errors';
import { parseDocument } from 'yaml';
import type { z } from 'zod';
import type { Mapping } from './mappingSchema.js';
import { mappingSchema } from './mappingSchema.js';

const shippedFolder = new URL('../../mappings/', import.meta.url);

/** The names of the mappings that come with the project, sorted. */
export function shippedMappings(): string[] {
  return readdirSync(shippedFolder)
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => basename(file, '.yaml'))
    .sort();
}

/**
 * Reads a mapping: one that is shipped, by its name, or a file of the user's, by a path that ends in .yaml or .yml.
 * Throws MAPPING_INVALID with every fault at once, each under the path of its key.
 */
export function loadMapping(nameOrPath: string): Mapping {
  const isPath = /\.ya?ml$/.test(nameOrPath);
  if (!isPath && !shippedMappings().includes(nameOrPath)) {
    throw new AppError('MAPPING_INVALID', `There is no mapping "${nameOrPath}".`, {
      hint: `Use one of ${shippedMappings().join(', ')}, or the path of a file that ends in .yaml.`,
    });
  }
  const name = isPath ? basename(nameOrPath).replace(/\.ya?ml$/, '') : nameOrPath;
  return parseMapping(name, readText(isPath ? resolve(nameOrPath) : new URL(`${nameOrPath}.yaml`, shippedFolder), nameOrPath));
}

/** Parses the text of a mapping file. Throws MAPPING_INVALID. */
export function parseMapping(name: string, text: string): Mapping {
  const document = parseDocument(text, { prettyErrors: true });
  // After one fault of syntax the parser finds a fault in every line that follows.
  const syntaxFault = document.errors[0]?.message.split('\n')[0]?.replace(/:$/, '');
  if (syntaxFault !== undefined) throw invalidMapping(name, [syntaxFault]);
  const parsed = mappingSchema.safeParse(valueOf(name, document));
  if (!parsed.success) throw invalidMapping(name, parsed.error.issues.flatMap(sentencesOf));
  const mapping: Mapping = { ...parsed.data, name };
  const faults = referenceFaults(mapping);
  if (faults.length > 0) throw invalidMapping(name, faults);
  return mapping;
}

/** A few aliases can stand for gigabytes: the parser counts what they would become, and refuses. */
function valueOf(name: string, document: ReturnType<typeof parseDocument>): unknown {
  try {
    return document.toJS();
  } catch (error) {
    throw invalidMapping(name, [(error as Error).message]);
  }
}

/** The error for a mapping with faults, each a phrase that starts with the path of its key. */
export function invalidMapping(name: string, faults: string[]): AppError {
  return new AppError('MAPPING_INVALID', `The mapping ${name} is not usable:\n  ${faults.join('\n  ')}`, {
    hint: 'docs/import.md describes each key of a mapping.',
  });
}

function readText(file: string | URL, shown: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new AppError('MAPPING_INVALID', `The mapping file ${shown} can not be read.`, {
      hint: 'Check its path.',
      cause: error,
    });
  }
}

/** A union reports the faults of each alternative; the alternative that comes furthest is the one that was meant. */
function sentencesOf(issue: z.core.$ZodIssue): string[] {
  const path = issue.path.join('.') || 'the file';
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    const meant = [...issue.errors].sort((a, b) => depthOf(b) - depthOf(a))[0] ?? [];
    return meant.flatMap((inner) => sentencesOf({ ...inner, path: [...issue.path, ...inner.path] }));
  }
  return [`${path}: ${issue.message}`];
}

const depthOf = (issues: z.core.$ZodIssue[]): number => Math.max(0, ...issues.map((issue) => issue.path.length));

/** What the shape alone can not say: names within the file that point to each other. */
function referenceFaults(mapping: Mapping): string[] {
  const faults: string[] = [];
  const names = new Set<string>();
  mapping.targets.forEach((target, t) => {
    if (names.has(target.name)) faults.push(`targets.${t}.name: "${target.name}" is used twice`);
    names.add(target.name);
    target.feeds.forEach((feed, f) => {
      const path = `targets.${t}.feeds.${f}`;
      if (!Object.hasOwn(mapping.sources, feed.from)) {
        faults.push(`${path}.from: "${feed.from}" is none of the sources ${Object.keys(mapping.sources).join(', ')}`);
      }
      if (!feed.id && !target.key)
        faults.push(`${path}: needs an id, or the target a key, so that a second run finds the same rows`);
      for (const key of target.key ?? []) {
        if (!Object.hasOwn(feed.columns, key)) faults.push(`${path}.columns: lacks the key column ${key}`);
      }
    });
    if (target.unite && !target.key) faults.push(`targets.${t}.unite: needs a key to unite by`);
  });
  return faults;
}
