import { useTranslation } from "react-i18next";

export interface Format {
  number: (value: number, digits?: number) => string;
  /** `90 %` of 90. */
  percent: (value: number) => string;
  /** A day given as `YYYY-MM-DD`. */
  day: (iso: string) => string;
  /** The values of a text, the days among them as people write them. */
  withDays: <T>(values: Readonly<Record<string, T>>) => Record<string, T | string>;
  /** Month and year of a day. */
  month: (iso: string) => string;
  /** Day and time, for hovering. */
  moment: (iso: string) => string;
  /** "3 minutes ago", "in 9 days". */
  relative: (iso: string, now?: number) => string;
}

const UNITS: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 31_557_600],
  ["month", 2_629_800],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
];

/** Names of values that are days where they have the form of one. */
const DAYS: readonly string[] = ["asOf", "date", "from", "notAfter", "notBefore", "until"];

const DAY = /^\d{4}-\d{2}-\d{2}(T|$)/;

/** Number and date formats of the current language. */
export function useFormat(): Format {
  const { i18n } = useTranslation();
  const language = i18n.resolvedLanguage ?? "en";
  const date = (options: Intl.DateTimeFormatOptions, iso: string): string =>
    new Intl.DateTimeFormat(language, options).format(new Date(iso));
  const day = (iso: string): string => date({ day: "numeric", month: "short", year: "numeric", timeZone: "UTC" }, iso);
  return {
    number: (value, digits = 0) => new Intl.NumberFormat(language, { maximumFractionDigits: digits }).format(value),
    percent: (value) => new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 1 }).format(value / 100),
    day,
    withDays: (values) =>
      Object.fromEntries(Object.entries(values).map(([name, value]) => [name, DAYS.includes(name) && typeof value === "string" && DAY.test(value) ? day(value) : value])),
    month: (iso) => date({ month: "short", year: "numeric", timeZone: "UTC" }, iso),
    moment: (iso) => date({ dateStyle: "medium", timeStyle: "short" }, iso),
    relative: (iso, now = Date.now()) => {
      const seconds = (new Date(iso).getTime() - now) / 1000;
      const [unit, length] = UNITS.find(([, length]) => Math.abs(seconds) >= length) ?? ["second", 1];
      return new Intl.RelativeTimeFormat(language, { numeric: "auto" }).format(Math.trunc(seconds / length), unit);
    },
  };
}
