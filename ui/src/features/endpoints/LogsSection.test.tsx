import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { endpointId, logOf, podsOf } from "../../testing/fake/endpoints";
import { failure } from "../../testing/fake/host";
import { expectAccessible, renderApp } from "../../testing/render";

type Answers = Parameters<typeof renderApp>[1];

const open = (id: string, answers: Answers = {}): ReturnType<typeof renderApp> => renderApp({ name: "endpoint", endpointId: id }, answers);

describe("logs of a version", () => {
  const id = endpointId("ocr-invoices");

  it("reads the chosen version's container when asked for, and searches it", async () => {
    const { user, host } = open(id);
    await screen.findByTestId("logs");
    expect(host.calls.some(({ command }) => command === "read_log")).toBe(false);
    await user.selectOptions(screen.getByLabelText("Version"), "green");
    await user.click(screen.getByTestId("read-log"));
    const lines = await screen.findByTestId("log-lines");
    expect(lines.textContent).toContain("green starts");
    expect(host.calls).toContainEqual({
      command: "read_log",
      args: { account: "sandbox", endpointId: id, version: "green", container: "inference_server", lines: 1000 },
    });
    expect(screen.getByTestId("logs").textContent).toContain("UserContainerStart: Succeeded");
    await user.type(screen.getByRole("searchbox", { name: "Search the log" }), "LISTENING");
    expect(screen.getByTestId("log-lines").textContent).toBe("Listening at: http://0.0.0.0:31311");
    expect(screen.getByTestId("log-count").textContent).toBe("Lines shown: 1 of 5");
    await expectAccessible();
    await user.type(screen.getByRole("searchbox", { name: "Search the log" }), "x");
    expect(screen.getByText("No line contains this text.")).toBeTruthy();
    await user.selectOptions(screen.getByLabelText("Container"), "Storage initializer");
    await waitFor(() => expect(host.calls.some(({ command, args }) => command === "read_log" && args !== undefined && JSON.stringify(args).includes("storage_initializer"))).toBe(true));
  });

  it("follows by reading again, and saves what is shown", async () => {
    let reads = 0;
    const { user, host } = open(id, {
      read_log: (question) => {
        reads += 1;
        return { ...logOf(question), lines: [`read ${reads}`], cut: true };
      },
    });
    await screen.findByTestId("logs");
    await user.click(screen.getByRole("switch", { name: "Follow" }));
    expect((await screen.findByTestId("log-lines")).textContent).toBe("read 1");
    expect(screen.getByTestId("log-cut")).toBeTruthy();
    await user.click(screen.getByTestId("read-log"));
    await waitFor(() => expect(screen.getByTestId("log-lines").textContent).toBe("read 2"));
    await user.click(screen.getByTestId("save-log"));
    expect((await screen.findByTestId("log-saved")).textContent).toMatch(/^Saved in .*ocr-invoices-.*\.log$/);
    expect(host.calls.find(({ command }) => command === "save_log")?.args).toMatchObject({ lines: ["read 2"] });
    await expectAccessible();
  });

  it("says that the log of a classic service is that of all versions, and why it cannot be read", async () => {
    let fails = true;
    const { user } = open(endpointId("pricing", "classic"), {
      read_log: (question) => {
        if (fails) {
          throw failure("unreachable", { params: { host: "management.azure.com" } });
        }
        return logOf(question);
      },
    });
    await screen.findByTestId("logs");
    await user.click(screen.getByTestId("read-log"));
    expect((await screen.findByTestId("log-failure")).dataset["failure"]).toBe("unreachable");
    await expectAccessible();
    fails = false;
    await user.click(screen.getByTestId("log-failure-retry"));
    expect(await screen.findByTestId("log-of-all")).toBeTruthy();
  });
});

describe("pods of an endpoint", () => {
  const id = endpointId("ocr-invoices");

  it("counts pods and restarts, and explains what does not serve", async () => {
    const { user } = open(id);
    await user.click(await screen.findByTestId("read-pods"));
    const green = await screen.findByTestId("pods-green");
    expect(green.textContent).toContain("0 of 1");
    expect(green.textContent).toContain("Failed to pull image");
    const causes = screen.getByTestId("causes-green");
    expect(within(causes).getByRole("heading").textContent).toBe("The image of the version cannot be pulled");
    await expectAccessible();
  });

  it("shows as unknown what could not be read", async () => {
    const unread = [{ what: "inside", why: "403 Forbidden" }];
    const { user } = open(id, {
      read_pods: ({ resourceId }) => ({
        ...podsOf(resourceId),
        versions: podsOf(resourceId).versions.map((one) => ({ ...one, pods: null, lastWarning: null })),
        unread,
      }),
    });
    await user.click(await screen.findByTestId("read-pods"));
    expect((await screen.findByTestId("pods-unread")).textContent).toContain("Inside the cluster: 403 Forbidden");
    expect(within(screen.getByTestId("pods-green")).getAllByText("Unknown")).toHaveLength(3);
    await expectAccessible();
  });
});
