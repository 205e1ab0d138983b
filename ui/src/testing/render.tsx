import { FluentProvider, RendererProvider, createDOMRenderer, webLightTheme } from "@fluentui/react-components";
import { QueryClientProvider } from "@tanstack/react-query";
import { type RenderResult, render } from "@testing-library/react";
import userEvent, { type UserEvent } from "@testing-library/user-event";
import axe from "axe-core";
import type { ReactNode } from "react";
import { expect } from "vitest";
import { App, newQueryClient } from "../app/App";
import { WizardProvider } from "../features/setup/wizard/WizardContext";
import type { GoalOn } from "../ipc/generated/GoalOn";
import type { Spec } from "../ipc/generated/Spec";
import type { StartRun } from "../ipc/generated/StartRun";
import type { WizardStep } from "../ipc/generated/WizardStep";
import { setHost } from "../ipc/host";
import { emptySpec } from "../shared/emptySpec";
import { NavigationProvider, type Page } from "../shared/navigation";
import { SessionProvider } from "../shared/session";
import { type Answers, type FakeHost, fakeHost } from "./fake/host";
import { SUBSCRIPTION, accounts, sessionOf } from "./fake/session";

interface Rendered extends RenderResult {
  user: UserEvent;
  host: FakeHost;
}

const [sandbox] = accounts;
if (sandbox === undefined) {
  throw new Error("the fixtures have no account");
}
const session = sessionOf(sandbox);

function withHost(answers: Partial<Answers>): FakeHost {
  const host = fakeHost(answers);
  setHost(host);
  return host;
}

/** Renders the app, signed in to the sandbox by default. */
export function renderApp(page: Page | "signed-out", answers: Partial<Answers> = {}): Rendered {
  const host = withHost(answers);
  const result = page === "signed-out" ? render(<App />) : render(<App page={page} session={session} />);
  return { ...result, host, user: userEvent.setup() };
}

/** Renders a component with session and queries. */
export function renderSignedIn(view: ReactNode, answers: Partial<Answers> = {}): Rendered {
  const host = withHost(answers);
  const result = render(
    <RendererProvider renderer={createDOMRenderer(document)}>
      <QueryClientProvider client={newQueryClient()}>
        <FluentProvider theme={webLightTheme}>
          <SessionProvider start={session}>
            <NavigationProvider>
              <main>{view}</main>
            </NavigationProvider>
          </SessionProvider>
        </FluentProvider>
      </QueryClientProvider>
    </RendererProvider>,
  );
  return { ...result, host, user: userEvent.setup() };
}

/** Renders one wizard step for a specification, without the shell. */
export function renderStep(
  view: ReactNode,
  step: WizardStep,
  change: (spec: Spec) => Spec = (spec) => spec,
  answers: Partial<Answers> = {},
): Rendered {
  const draft = { account: session.account.id, step, savedAt: "2026-11-21T09:00:00Z", spec: change(emptySpec(SUBSCRIPTION)) };
  return renderSignedIn(
    <WizardProvider account={session.account.id} subscriptionId={SUBSCRIPTION} draft={draft}>
      {view}
    </WizardProvider>,
    answers,
  );
}

/**
 * For queries inside a dialog: without layout, Fluent's focus library does not notice that focus moved into it,
 * and keeps it hidden from the accessibility tree, unlike in a browser.
 */
export const INSIDE = { hidden: true } as const;

/** Fails with axe's findings. Color contrast needs real rendering, so screenshots cover it. */
export async function expectAccessible(container: Element = document.body): Promise<void> {
  const { violations } = await axe.run(container, {
    rules: { "color-contrast": { enabled: false }, region: { enabled: false }, "page-has-heading-one": { enabled: false } },
  });
  const found = violations.map(({ id, help, nodes }) => `${id}: ${help}\n${nodes.map((node) => node.html.slice(0, 200)).join("\n")}`);
  expect(found).toEqual([]);
}

/** The last start: account, goal and consents. Fails if nothing was started, or without a review. */
export function startedWith(host: FakeHost): GoalOn & Pick<StartRun, "consents" | "typed"> {
  const begun = host.calls.findLast(({ command }) => command === "start")?.args as StartRun | undefined;
  const goal = begun === undefined ? undefined : host.goals.get(begun.review);
  if (begun === undefined || goal === undefined) {
    throw new Error("nothing that was reviewed was started");
  }
  return { ...goal, consents: begun.consents, typed: begun.typed };
}
