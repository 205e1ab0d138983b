import { invoke } from "@tauri-apps/api/core";
import { type Event, listen } from "@tauri-apps/api/event";
import type { ChosenFile } from "./generated/ChosenFile";
import type { RunRef } from "./generated/RunRef";
import type { Host, Stop } from "./host";
import { visible } from "./visible";

/** The window's own host: the only file that knows Tauri. */
export const tauriHost: Host = {
  invoke: (command, args) => invoke(command, { args }),
  onRunChanged: (listener) => subscribe<RunRef>("run-changed", listener),
  onFiles: (listener) => {
    const stops = [
      subscribe("tauri://drag-enter", () => listener({ kind: "over" })),
      subscribe("tauri://drag-leave", () => listener({ kind: "left" })),
      subscribe<ChosenFile[]>("files-dropped", (files) => listener({ kind: "dropped", files: visible(files) })),
    ];
    return () => stops.forEach((stop) => stop());
  },
};

/** Whether the page runs in Berth's window. */
export function insideWindow(): boolean {
  return "__TAURI_INTERNALS__" in globalThis;
}

function subscribe<T>(name: string, listener: (payload: T) => void): Stop {
  const subscribed = listen<T>(name, (event: Event<T>) => listener(event.payload));
  return () => void subscribed.then((stop) => stop());
}

