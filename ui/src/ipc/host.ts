import type { ChosenFile } from "./generated/ChosenFile";
import type { Commands } from "./generated/commands";
import type { RunRef } from "./generated/RunRef";

/** Ends a subscription. */
export type Stop = () => void;

/**
 * Everything the page needs from its environment. The window uses Tauri; tests and a plain browser
 * use the fake host. Nothing else accesses the outside.
 */
export interface Host {
  invoke<C extends keyof Commands>(command: C, args: Commands[C][0]): Promise<Commands[C][1]>;
  /** Calls back with a run whenever it changes. */
  onRunChanged(listener: (run: RunRef) => void): Stop;
  /** Calls back when files are dragged over, dropped on, or dragged off the window. */
  onFiles(listener: (event: FileDrop) => void): Stop;
}

/** Files dragged over, dropped on, or dragged off the window. */
export type FileDrop = { kind: "over" } | { kind: "left" } | { kind: "dropped"; files: ChosenFile[] };

let current: Host | undefined;

/** Sets the host. Called once, before the first component. */
export function setHost(host: Host): void {
  current = host;
}

/** The current host. */
export function host(): Host {
  if (current === undefined) {
    throw new Error("no host yet");
  }
  return current;
}
