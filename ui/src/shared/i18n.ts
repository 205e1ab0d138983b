import i18next, { type i18n } from "i18next";
import { initReactI18next } from "react-i18next";

/** Languages Berth speaks, each under its own name. */
export const LANGUAGES = [
  { code: "en", name: "English" },
  { code: "es", name: "Español" },
  { code: "pt-BR", name: "Português (Brasil)" },
  { code: "sv", name: "Svenska" },
] as const;

type Words = Record<string, unknown>;

const catalogues = import.meta.glob<Words>("../locales/*/*.json", { import: "default" });

/** The catalogues of a language, by name: every file in its folder. */
async function loadLanguage(language: string): Promise<Record<string, Words>> {
  const prefix = `../locales/${language}/`;
  const files = Object.entries(catalogues).filter(([path]) => path.startsWith(prefix));
  const loaded = await Promise.all(
    files.map(async ([path, load]) => [path.slice(prefix.length, -".json".length), await load()] as const),
  );
  return Object.fromEntries(loaded);
}

/** The language for a setting; `system` picks the system's preferred supported language. */
export function resolveLanguage(setting: string, preferred: readonly string[] = navigator.languages): string {
  const ours = LANGUAGES.map((language): string => language.code);
  if (ours.includes(setting)) {
    return setting;
  }
  for (const goal of preferred) {
    const base = goal.split("-")[0]?.toLowerCase();
    const found = ours.find((code) => code.split("-")[0]?.toLowerCase() === base);
    if (found !== undefined) {
      return found;
    }
  }
  return "en";
}

/** Starts i18next with English loaded; call {@link speak} for another language. */
export async function startI18n(language: string): Promise<i18n> {
  await i18next.use(initReactI18next).init({
    lng: "en",
    fallbackLng: "en",
    defaultNS: "common",
    resources: { en: (await loadLanguage("en")) as never },
    interpolation: { escapeValue: false },
    returnNull: false,
    react: { useSuspense: false },
  });
  await speak(language);
  return i18next;
}

/** Switches the language, loading it on first use, and sets the document's `lang`. */
export async function speak(language: string): Promise<void> {
  if (!i18next.hasResourceBundle(language, "common")) {
    const words = await loadLanguage(language);
    for (const [name, catalogue] of Object.entries(words)) {
      i18next.addResourceBundle(language, name, catalogue);
    }
  }
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
}
