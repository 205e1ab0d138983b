import { createContext } from "react";

/** How to sign in again with the present account; `null` where there is none. The session provides it. */
export const SignInAgainContext = createContext<(() => void) | null>(null);
