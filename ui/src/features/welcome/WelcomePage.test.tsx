import { screen, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { failure } from "../../testing/fake/host";
import { INSIDE, expectAccessible, renderApp } from "../../testing/render";
import { validate } from "./ServicePrincipalDialog";

describe("welcome", () => {
  it("signs in to the sandbox and opens Home", async () => {
    const { user, host } = renderApp("signed-out");
    await user.click(await screen.findByRole("button", { name: "Try it in the sandbox" }));
    expect(await screen.findByRole("heading", { level: 1, name: "Home" })).toBeTruthy();
    expect(host.calls.find((call) => call.command === "sign_in")?.args).toEqual({ account: "sandbox" });
  });

  it("is accessible", async () => {
    renderApp("signed-out");
    expect(await screen.findByRole("button", { name: "Try it in the sandbox" })).toBeTruthy();
    await expectAccessible();
  });

  it("signs in automatically with the account from the command line", async () => {
    renderApp("signed-out", { app_info: () => ({ version: "1", keychain: true, keychainProblem: null, startAccount: "azure-cli", kubeconfig: null }) });
    expect(await screen.findByRole("heading", { level: 1, name: "Home" })).toBeTruthy();
  });

  it("shows why a sign-in was refused", async () => {
    const { user } = renderApp("signed-out", {
      sign_in: () => {
        throw failure("azure_cli_unavailable", { detail: "az: command not found" });
      },
    });
    await user.click(await screen.findByRole("button", { name: "Sign in: Azure CLI" }));
    expect(await screen.findByTestId("sign-in-failure")).toBeTruthy();
    expect(screen.getByRole("alert")).toBeTruthy();
  });

  it("adds a service principal; missing fields are reported and focused", async () => {
    const { user, host } = renderApp("signed-out");
    await user.click(await screen.findByRole("button", { name: "Add" }));
    await user.click(screen.getByRole("button", { name: "Add and sign in", ...INSIDE }));
    expect(document.activeElement).toBe(screen.getByRole("textbox", { name: /Display name/, ...INSIDE }));
    await user.type(screen.getByRole("textbox", { name: /Display name/, ...INSIDE }), "ci");
    await user.type(screen.getByRole("textbox", { name: /Tenant/, ...INSIDE }), "contoso.com");
    await user.type(screen.getByRole("textbox", { name: /client/i, ...INSIDE }), "0c5b2d1e-7a34-4f0b-8e12-5d6c7b8a9f01");
    await user.type(screen.getByLabelText(/Client secret/), "s3cret");
    await user.click(screen.getByRole("button", { name: "Add and sign in", ...INSIDE }));
    await waitFor(() => expect(host.calls.some((call) => call.command === "add_service_principal")).toBe(true));
    expect(await screen.findByRole("heading", { level: 1, name: "Home", ...INSIDE })).toBeTruthy();
  });
});

describe("validate", () => {
  const good = { label: "ci", tenantId: "contoso.com", clientId: "0c5b2d1e-7a34-4f0b-8e12-5d6c7b8a9f01", clientSecret: "x" };
  it.each([
    [good, {}],
    [{ ...good, clientId: "ci" }, { clientId: "needGuid" }],
    [{ ...good, label: " " }, { label: "needed" }],
    [{ label: "", tenantId: "", clientId: "", clientSecret: "" }, { label: "needed", tenantId: "needed", clientId: "needed", clientSecret: "needed" }],
  ])("%o", (form, problems) => {
    expect(validate(form)).toEqual(problems);
  });
});
