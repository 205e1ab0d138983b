import { screen } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { emptySpec } from "../../../shared/emptySpec";
import { expectAccessible, renderStep } from "../../../testing/render";
import { withClusterKind, withPurpose, withRoute } from "./choices";
import PurposeStep from "./PurposeStep";

const card = (name: string): HTMLElement => screen.getByRole("radio", { name });

describe("purpose step", () => {
  it("is accessible and starts from production, create, extension", async () => {
    renderStep(<PurposeStep />, "purpose");
    for (const name of ["Production", "Create a cluster", "Extension"]) {
      expect(card(name)).toHaveProperty("checked", true);
    }
    await expectAccessible();
  });

  it("offers creation through Azure ML only on the classic route", async () => {
    const { user } = renderStep(<PurposeStep />, "purpose");
    expect(screen.queryByRole("radio", { name: "Let Azure ML create it" })).toBeNull();
    await user.click(card("Classic"));
    await user.click(card("Let Azure ML create it"));
    await user.click(card("Extension"));
    expect(card("Create a cluster")).toHaveProperty("checked", true);
  });
});

describe("choices", () => {
  const spec = emptySpec("s");

  it("adapts the needed vCPU to the purpose unless the user set it", () => {
    expect(withPurpose(spec, "dev_test").size).toMatchObject({ needVcpus: 2, nodes: 1 });
    const own = { ...spec, size: { ...spec.size, needVcpus: 40, nodes: 5 } };
    expect(withPurpose(own, "dev_test").size).toMatchObject({ needVcpus: 40, nodes: 5 });
  });

  it("clears what the extension does not support", () => {
    const classic = { ...spec, route: "classic" as const, tls: { kind: "microsoft" as const, leafDomainLabel: "ml", overwriteExistingDomain: false } };
    expect(withRoute(classic, "extension").tls).toBeNull();
    expect(withRoute(classic, "classic").tls).not.toBeNull();
  });

  it("keeps the chosen cluster when the same origin is selected again", () => {
    const existing = { ...spec, cluster: { kind: "existing" as const, resourceId: "/x" } };
    expect(withClusterKind(existing, "existing")).toBe(existing);
  });
});
