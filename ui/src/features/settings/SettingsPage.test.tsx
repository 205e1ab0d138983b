import { screen, waitFor } from "@testing-library/react";
import { afterEach, describe, expect, it } from "vitest";
import { speak } from "../../shared/i18n";
import { expectAccessible, renderApp } from "../../testing/render";

describe("settings", () => {
  afterEach(() => speak("en"));

  it("changes the language immediately and saves it", async () => {
    const { user, host } = renderApp({ name: "settings" });
    await expectAccessible();
    await user.selectOptions(await screen.findByRole("combobox", { name: "Language" }), "sv");
    expect(await screen.findByRole("heading", { level: 1, name: "Inställningar" })).toBeTruthy();
    expect(document.documentElement.lang).toBe("sv");
    expect(host.calls.findLast((call) => call.command === "write_settings")?.args).toMatchObject({ language: "sv" });
  });

  it("switches to the dark theme", async () => {
    const { user } = renderApp({ name: "settings" });
    await user.click(await screen.findByRole("radio", { name: "Dark" }));
    await waitFor(() => expect(document.documentElement.style.colorScheme).toBe("dark"));
  });

  it("warns when secrets are not saved", async () => {
    renderApp({ name: "settings" }, { app_info: () => ({ version: "1", keychain: false, keychainProblem: "locked", startAccount: null, kubeconfig: null }) });
    expect(await screen.findByText(/gone when Berth closes/)).toBeTruthy();
    expect(screen.getByText("locked")).toBeTruthy();
  });

  it("saves the reminder setting", async () => {
    const { user, host } = renderApp({ name: "settings" });
    await user.click(await screen.findByRole("switch", { name: "Remind me when certificates need renewal" }));
    await waitFor(() => expect(host.calls.findLast((call) => call.command === "write_settings")?.args).toMatchObject({ reminders: false }));
  });
});
