import type { ChosenFile } from "./generated/ChosenFile";
import type { Commands } from "./generated/commands";
import type { RunRef } from "./generated/RunRef";

/** Ends a subscription. */
export type Stop = () => void;

/**
 * All the page may ask of what is around it. The window answers through Tauri, tests and the page in a plain browser
 * through the fake host. Nothing else reaches outside.
 */
export interface Host {
  invoke<C extends keyof Commands>(command: C, args: Commands[C][0]): Promise<Commands[C][1]>;
  /** Called with the run each time one has changed. */
  onRunChanged(listener: (run: RunRef) => void): Stop;
  /** Called with the files a person drops on the window, and whether files hover over it just now. */
  onFiles(listener: (event: FileDrop) => void): Stop;
}

/** Files dragged over, dropped on, or dragged off the window. */
export type FileDrop = { kind: "over" } | { kind: "left" } | { kind: "dropped"; files: ChosenFile[] };

let current: Host | undefined;

/** Sets what answers. Called once, before the first component. */
export function setHost(host: Host): void {
  current = host;
}

/** What answers. */
export function host(): Host {
  if (current === undefined) {
    throw new Error("no host yet");
  }
  return current;
}
