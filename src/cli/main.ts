/**
 * The command `wick`: one file a command, errors in one or two lines, exit status 0, 1, 2 or 130.
 */
import { Command, CommanderError } from "commander";
import { isInputError, isInterruption, messageOf } from "../core/errors.ts";
import { benchCommand } from "./commands/bench.ts";
import { compareCommand } from "./commands/compare.ts";
import { evaluateCommand } from "./commands/evaluate.ts";
import { evolveCommand } from "./commands/evolve.ts";
import { groundCommand } from "./commands/ground.ts";
import { listCommand } from "./commands/list.ts";
import { minimizeCommand } from "./commands/minimize.ts";
import { reproduceCommand } from "./commands/reproduce.ts";
import { sampleCommand } from "./commands/sample.ts";
import { spectrumCommand } from "./commands/spectrum.ts";
import { studiesCommand } from "./commands/studies.ts";
import { BAD_INPUT, DONE, FAILED, INTERRUPTED } from "./common.ts";
import { version } from "./version.ts";

const commands = [
  listCommand,
  evaluateCommand,
  minimizeCommand,
  evolveCommand,
  groundCommand,
  compareCommand,
  spectrumCommand,
  sampleCommand,
  reproduceCommand,
  benchCommand,
  studiesCommand,
];

/** Runs the command with its arguments and sets the exit status. */
export async function main(args: readonly string[]): Promise<void> {
  const debug = args.includes("--debug");
  guard(debug);
  const program = new Command("wick")
    .description("Minimize an objective by the quantum dynamics of machine learning: H = −D∇² + ζ, D annealed.")
    .version(version());
  for (const command of commands) program.addCommand(command());
  for (const command of [program, ...program.commands, ...program.commands.flatMap((c) => c.commands)]) {
    command.exitOverride();
    command.configureOutput({
      outputError: (text, write) => write(`wick: ${messageOf(text).replace(/^error: /, "")}\n`),
    });
  }
  try {
    await program.parseAsync(args, { from: "user" });
    ended = true;
  } catch (error) {
    ended = true;
    process.exitCode = report(error, debug);
  }
}

const OURS = "This is a fault of the program; --debug shows where.";
// a module that runs in this thread may throw at any time
const UNAWAITED = "Nobody awaited this error: it is a fault of the objective, or of the program; --debug shows where.";

let ended = false;

/** What can happen outside the command's own flow: closed and full outputs, errors that nobody awaits, silence. */
function guard(debug: boolean): void {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    // whoever read our output has gone: there is nobody left to tell
    if (error.code === "EPIPE") process.exit(process.exitCode ?? DONE);
    process.stderr.write(`wick: standard output cannot be written: ${messageOf(error)}\n`);
    process.exit(FAILED);
  });
  process.stderr.on("error", () => {});
  const unawaited = (error: unknown): void => process.exit(report(error, debug, UNAWAITED));
  process.on("uncaughtException", unawaited);
  process.on("unhandledRejection", unawaited);
  process.on("beforeExit", () => {
    if (ended) return;
    ended = true;
    process.stderr.write(
      "wick: the objective never answered: its promise is not settled and nothing is left to wait for\n",
    );
    process.exitCode = FAILED;
  });
}

function report(error: unknown, debug: boolean, whose = OURS): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? DONE : BAD_INPUT;
  const interrupted = isInterruption(error);
  process.stderr.write(`wick: ${interrupted ? "interrupted" : messageOf(error)}\n`);
  if (debug && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  else if (isOurs(error) && !interrupted) process.stderr.write(`${whose}\n`);
  return interrupted ? INTERRUPTED : isInputError(error) ? BAD_INPUT : FAILED;
}

/** Neither the user's input nor the system's refusal, such as a full disk. */
function isOurs(error: unknown): boolean {
  return !isInputError(error) && !isRefusal(error) && !(error instanceof Error && isRefusal(error.cause));
}

function isRefusal(error: unknown): boolean {
  return error instanceof Error && "syscall" in error;
}
