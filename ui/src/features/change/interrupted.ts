import type { Note } from "../../ipc/generated/Note";
import type { Plan } from "../../ipc/generated/Plan";

/** Said where nothing answers through what is changed. */
const NOTHING = "interrupt.no_services";

/** What a plan interrupts, each once. */
export function interruptedBy(plan: Plan | null): Note[] {
  const all = (plan?.steps ?? []).flatMap((step) => step.interrupts).filter((note) => note.code !== NOTHING);
  return [...new Map(all.map((note) => [JSON.stringify(note), note])).values()];
}
