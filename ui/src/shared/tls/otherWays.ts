import { createContext } from "react";

/** Goes to where a certificate is requested from an authority or ordered; `null` where there is no such place. */
export const OtherWaysContext = createContext<((way: "request" | "order") => void) | null>(null);
