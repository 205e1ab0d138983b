import { Component, type ReactNode } from "react";
import { toFailure } from "../ipc/call";
import { FailureNotice } from "./FailureNotice";

/** Catches what a page throws while drawing, so that the frame stays and the person can go on. */
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
