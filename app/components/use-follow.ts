import { useRevalidator } from "@remix-run/react";
import { useEffect } from "react";

const EVERY_MS = 2000;

/**
 * Keeps a page true: asks the server again every two seconds while something is under way and the window is being looked at, and
 * once whenever somebody comes back to the window.
 */
export function useFollow(isUnderWay: boolean): void {
  const { revalidate, state } = useRevalidator();
  useEffect(() => {
    const again = () => {
      if (document.visibilityState === "visible" && state === "idle") revalidate();
    };
    const timer = isUnderWay && state === "idle" ? setTimeout(again, EVERY_MS) : undefined;
    document.addEventListener("visibilitychange", again);
    return () => {
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", again);
    };
  }, [isUnderWay, state, revalidate]);
}
