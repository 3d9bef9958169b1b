import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const project = fileURLToPath(new URL('../..', import.meta.url));

/** The paths of all TypeScript files in the `src` of these workspaces; of all workspaces when none is named. */
export function sourceFiles(workspaces: readonly string[] = allWorkspaces()): string[] {
  return workspaces.flatMap((workspace) => {
    const src = join(project, workspace, 'src');
    return readdirSync(src, { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.tsx?$/.test(file))
      .map((file) => join(src, file));
  });
}

/** As the project's package.json names them. */
export function allWorkspaces(): string[] {
  return (JSON.parse(readFileSync(join(project, 'package.json'), 'utf8')) as { workspaces: string[] }).workspaces;
}
