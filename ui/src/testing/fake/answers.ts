import type { Commands } from "../../ipc/generated/commands";
import type { Failure } from "../../ipc/generated/Failure";
import type { FailureCode } from "../../ipc/generated/FailureCode";

/** An answer for every command. Tests override some. */
export type Answers = { [C in keyof Commands]: (args: Commands[C][0]) => Commands[C][1] | Promise<Commands[C][1]> };

/** A failure as Rust would send it. */
export function failure(code: FailureCode, part: Partial<Failure> = {}): Failure {
  return { code, remedy: "try_again", params: {}, detail: "", azure: null, ...part };
}

/** Fails with "not found". */
export const refuse = (what: string) => (): never => {
  throw failure("not_found", { params: { what }, remedy: "correct_input" });
};
