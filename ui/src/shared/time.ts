import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { UsualTime } from "../ipc/generated/UsualTime";

/** Debounces a value by `waitMs`. */
export function useDebounced<T>(value: T, waitMs: number): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), waitMs);
    return () => clearTimeout(timer);
  }, [value, waitMs]);
  return settled;
}

/** The current time in milliseconds, updated every second while active. */
export function useNow(ticking: boolean): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!ticking) {
      return undefined;
    }
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [ticking]);
  return now;
}

/** The more recent of two readings. */
export function newer<T extends { readAt: string }>(one: T | null, other: T | null): T | null {
  if (one === null || other === null) {
    return one ?? other;
  }
  return Date.parse(other.readAt) > Date.parse(one.readAt) ? other : one;
}

/** Formats seconds: "35 s", "4 min", "5 h", "1 h 5 min". */
export function useDuration(): (seconds: number) => string {
  const { i18n } = useTranslation();
  const language = i18n.resolvedLanguage ?? "en";
  const unit = (value: number, name: "second" | "minute" | "hour"): string =>
    new Intl.NumberFormat(language, { style: "unit", unit: name, unitDisplay: "short" }).format(value);
  return (seconds) => {
    const whole = Math.max(0, Math.round(seconds));
    if (whole < 60) {
      return unit(whole, "second");
    }
    const minutes = Math.floor(whole / 60);
    if (minutes < 60) {
      return whole % 60 === 0 || minutes >= 10 ? unit(minutes, "minute") : `${unit(minutes, "minute")} ${unit(whole % 60, "second")}`;
    }
    const hours = unit(Math.floor(minutes / 60), "hour");
    return minutes % 60 === 0 ? hours : `${hours} ${unit(minutes % 60, "minute")}`;
  };
}

/** Formats a range of seconds: "2–6 min", "45 s – 2 min". */
export function useDurationRange(): (from: number, to: number) => string {
  const { i18n } = useTranslation();
  const language = i18n.resolvedLanguage ?? "en";
  const duration = useDuration();
  return (from, to) => {
    if (duration(from) === duration(to)) {
      return duration(to);
    }
    if (to < 3600 && from % 60 === 0 && to % 60 === 0) {
      return new Intl.NumberFormat(language, { style: "unit", unit: "minute", unitDisplay: "short" }).formatRange(from / 60, to / 60);
    }
    return `${duration(from)} – ${duration(to)}`;
  };
}

/** Formats a usual duration: "usually 2–6 min", "usually up to 1 min". */
export function useUsual(): (usual: UsualTime) => string {
  const { t } = useTranslation();
  const duration = useDuration();
  const range = useDurationRange();
  return ({ fromSeconds, toSeconds }) => {
    return fromSeconds === 0 ? t("review:plan.usuallyUpTo", { to: duration(toSeconds) }) : t("review:plan.usually", { range: range(fromSeconds, toSeconds) });
  };
}
