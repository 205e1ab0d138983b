import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { call, toFailure } from "../ipc/call";
import type { Failure } from "../ipc/generated/Failure";
import type { Settings } from "../ipc/generated/Settings";
import { resolveLanguage, speak } from "./i18n";

const KEY = ["settings"];
const FIRST: Settings = { language: "system", theme: "system", reminders: true };

/** The settings and how to change them. Changes apply immediately and are saved by Rust. */
export function useSettings(): { settings: Settings; change: (part: Partial<Settings>) => void; failure: Failure | null } {
  const queries = useQueryClient();
  const { data } = useQuery({ queryKey: KEY, queryFn: () => call("read_settings", {}) });
  const settings = data ?? FIRST;
  const { mutate, error } = useMutation({ mutationFn: (next: Settings) => call("write_settings", next) });
  const change = (part: Partial<Settings>): void => {
    const next = { ...settings, ...part };
    queries.setQueryData(KEY, next);
    mutate(next);
  };
  return { settings, change, failure: error === null ? null : toFailure(error) };
}

/** Applies the language of the settings. */
export function useSettingsLanguage(): void {
  const { settings } = useSettings();
  useEffect(() => {
    void speak(resolveLanguage(settings.language));
  }, [settings.language]);
}
