import type { Commands } from "./generated/commands";
import type { Failure } from "./generated/Failure";
import { host } from "./host";
import { visible } from "./visible";

/** A failed command, with its remedy. */
export class CallFailed extends Error {
  constructor(readonly failure: Failure) {
    super(`${failure.code}: ${failure.detail}`);
    this.name = "CallFailed";
  }
}

/** Invokes a command. Makes control characters in replies visible, and throws failures as {@link CallFailed}. */
export async function call<C extends keyof Commands>(command: C, args: Commands[C][0]): Promise<Commands[C][1]> {
  try {
    return visible(await host().invoke(command, args));
  } catch (raw) {
    throw new CallFailed(toFailure(raw));
  }
}

/** Converts anything thrown to a failure. Errors that did not come from Rust are internal errors. */
export function toFailure(raw: unknown): Failure {
  if (raw instanceof CallFailed) {
    return raw.failure;
  }
  if (isFailure(raw)) {
    return visible(raw);
  }
  const detail = raw instanceof Error ? raw.message : String(raw);
  return { code: "internal", remedy: "report_bug", params: {}, detail, azure: null };
}

function isFailure(raw: unknown): raw is Failure {
  return typeof raw === "object" && raw !== null && "code" in raw && "remedy" in raw && "params" in raw;
}
