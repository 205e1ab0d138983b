import { Component, type ReactNode } from "react";
import { toFailure } from "../ipc/call";
import { FailureNotice } from "./FailureNotice";

/** Catches render errors of a page, so that the frame stays usable. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { thrown: unknown }> {
  override state = { thrown: undefined as unknown };

  static getDerivedStateFromError(thrown: unknown): { thrown: unknown } {
    return { thrown: thrown ?? new Error("unknown") };
  }

  override render(): ReactNode {
    if (this.state.thrown === undefined) {
      return this.props.children;
    }
    return <FailureNotice failure={toFailure(this.state.thrown)} onRetry={() => this.setState({ thrown: undefined })} />;
  }
}
