import { runProgram } from './program.js';

// Leaving through process.exit lets the embedded server that a verb started be ended too.
process.once('SIGINT', () => process.exit(130));
process.once('SIGTERM', () => process.exit(143));

process.exitCode = await runProgram(process.argv.slice(2));
