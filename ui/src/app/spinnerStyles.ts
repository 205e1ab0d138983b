import { type FluentProviderCustomStyleHooks, type SpinnerState, makeStyles, mergeClasses, tokens } from "@fluentui/react-components";

const useStyles = makeStyles({
  ring: {
    maskImage: "none",
    boxSizing: "border-box",
    backgroundColor: "transparent",
    border: `var(--fui-Spinner--strokeWidth) solid ${tokens.colorBrandStroke2Contrast}`,
    borderTopColor: tokens.colorBrandStroke1,
    borderRadius: tokens.borderRadiusCircular,
    animationDuration: "1s",
  },
  tail: { display: "none" },
});

/**
 * A ring drawn with a border. Fluent uses masks over animated children; without a GPU, WebKitGTK shows the square
 * below the mask.
 */
function useSpinnerStyles(state: unknown): void {
  const styles = useStyles();
  const { spinner, spinnerTail } = state as SpinnerState;
  if (spinner !== undefined) {
    Object.assign(spinner, { className: mergeClasses(spinner.className, styles.ring) });
  }
  if (spinnerTail !== undefined) {
    Object.assign(spinnerTail, { className: mergeClasses(spinnerTail.className, styles.tail) });
  }
}

/** Styles that replace Fluent's own. */
export const STYLE_HOOKS: FluentProviderCustomStyleHooks = { useSpinnerStyles_unstable: useSpinnerStyles };
