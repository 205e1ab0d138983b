import i18next from "i18next";
import { describe, expect, it } from "vitest";
import { LANGUAGES, resolveLanguage, speak } from "./i18n";

const sources = import.meta.glob<string>(["../**/*.{ts,tsx}", "!../**/*.test.*", "!../ipc/generated/**"], {
  query: "?raw",
  import: "default",
  eager: true,
});

describe("catalogues", () => {
  it("have every key the page uses", () => {
    const asked = Object.values(sources).flatMap((source) =>
      [...source.matchAll(/\bt\(\s*"([\w-]+:[^"]+)"/g)].map((match) => match[1] ?? ""),
    );
    expect(asked.length).toBeGreaterThan(50);
    const missing = asked.filter((key) => !i18next.exists(key) && !i18next.exists(key, { count: 2 }));
    expect(missing).toEqual([]);
  });

  it("cover every language with their own texts", async () => {
    const words = [];
    for (const { code } of LANGUAGES) {
      await speak(code);
      words.push(i18next.t("common:nav.home"));
      expect(document.documentElement.lang).toBe(code);
    }
    await speak("en");
    expect(new Set(words).size).toBe(LANGUAGES.length);
  });

  it("pick the system's preferred language", () => {
    expect(resolveLanguage("system", ["fr-FR", "sv-SE"])).toBe("sv");
    expect(resolveLanguage("system", ["pt-PT"])).toBe("pt-BR");
    expect(resolveLanguage("es", ["sv"])).toBe("es");
    expect(resolveLanguage("system", ["fi"])).toBe("en");
  });
});
