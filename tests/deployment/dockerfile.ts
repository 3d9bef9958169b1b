import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** What an image holds once its Dockerfile has run: the last stage, and the others by their names. */
export interface BuiltImage {
  /** The folder that stands for the root of its file system. */
  root: string;
  workdir: string;
  environment: Record<string, string>;
  stages: ReadonlyMap<string, BuiltImage>;
}

/**
 * Runs the very instructions of a Dockerfile in folders below `scratch`, for a machine without a Docker engine: each stage gets a folder
 * for its file system, COPY copies, RUN runs in a shell. It knows the instructions that the project's Dockerfile uses, and throws at any other.
 */
export function runDockerfile(projectRoot: string, scratch: string, onStep: (instruction: string) => void): BuiltImage {
  const stages = new Map<string, BuiltImage>();
  let image: BuiltImage | undefined;
  for (const instruction of instructionsOf(readFileSync(join(projectRoot, 'Dockerfile'), 'utf8'))) {
    onStep(instruction);
    const [keyword = '', ...words] = instruction.split(/\s+/);
    if (keyword === 'FROM') {
      image = { root: join(scratch, `stage-${stages.size}`), workdir: '/', environment: {}, stages };
      stages.set(words[1] === 'AS' ? words[2]! : String(stages.size), image);
      mkdirSync(image.root, { recursive: true });
      continue;
    }
    if (image === undefined) throw new Error(`"${instruction}" comes before FROM.`);
    apply(image, keyword, words, projectRoot, stages);
  }
  if (image === undefined) throw new Error('The Dockerfile has no FROM.');
  return image;
}

function instructionsOf(text: string): string[] {
  const lines = text.replaceAll('\\\n', ' ').split('\n');
  return lines.map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#'));
}

function apply(image: BuiltImage, keyword: string, words: string[], projectRoot: string, stages: Map<string, BuiltImage>): void {
  switch (keyword) {
    case 'WORKDIR':
      image.workdir = words[0]!;
      mkdirSync(join(image.root, image.workdir), { recursive: true });
      return;
    case 'ENV':
      for (const word of words) image.environment[word.slice(0, word.indexOf('='))] = word.slice(word.indexOf('=') + 1);
      return;
    case 'RUN':
      execFileSync('sh', ['-c', words.join(' ')], {
        cwd: join(image.root, image.workdir),
        env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...image.environment },
        stdio: ['ignore', 'ignore', 'inherit'],
      });
      return;
    case 'COPY':
      copy(image, words, projectRoot, stages);
      return;
    case 'USER':
    case 'CMD':
      return;
    default:
      throw new Error(`The instruction ${keyword} is not known here.`);
  }
}

function copy(image: BuiltImage, words: string[], projectRoot: string, stages: Map<string, BuiltImage>): void {
  const from = /^--from=(.+)$/.exec(words[0]!)?.[1];
  const [sources, target] = [words.slice(from ? 1 : 0, -1), words.at(-1)!];
  const destination = join(image.root, image.workdir, target);
  if (from === undefined) {
    for (const file of contextFiles(projectRoot)) {
      const source = sources.find((candidate) => candidate === '.' || candidate === file);
      if (source !== undefined)
        place(
          join(projectRoot, file),
          source === '.' || target === '.' || target === './'
            ? join(destination, file)
            : join(destination, file.split('/').at(-1)!),
        );
    }
    return;
  }
  for (const source of sources) {
    const path = join(stages.get(from)!.root, source);
    place(path, statSync(path).isDirectory() ? destination : join(destination, source.split('/').at(-1)!));
  }
}

function place(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  cpSync(from, to, { recursive: true, verbatimSymlinks: true });
}

/** What `docker build` would send: the files of the checkout without those that .dockerignore names. */
function contextFiles(projectRoot: string): string[] {
  const ignored = readFileSync(join(projectRoot, '.dockerignore'), 'utf8').split('\n').filter(Boolean);
  const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
    cwd: projectRoot,
    encoding: 'utf8',
  })
    .trim()
    .split('\n');
  return files.filter((file) => !ignored.some((pattern) => matches(pattern, file)));
}

function matches(pattern: string, file: string): boolean {
  const segments = file.split('/');
  if (pattern.startsWith('**/')) return segments.includes(pattern.slice(3));
  if (pattern.startsWith('*.')) return file.endsWith(pattern.slice(1));
  return segments[0] === pattern;
}
