import { useEffect, useRef } from "react";

const KEYS: readonly [string, string][] = [
  ["j", "Next exception"],
  ["k", "Previous exception"],
  ["x", "Select or unselect"],
  ["Enter", "Open"],
  ["p", "Go to the push"],
  ["/", "Filter by text"],
  ["?", "This help"],
  ["Esc", "Close"],
];

/** The keys, in a dialog that ? opens; a button does the same for the mouse. */
export function KeyHelp() {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const at = event.target instanceof HTMLElement ? event.target : null;
      if (event.key !== "?" || at?.matches("input:not([type=checkbox]), select, textarea")) return;
      event.preventDefault();
      if (!dialog.current?.open) dialog.current?.showModal();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
  return (
    <>
      <button
        type="button"
        className="button button-small button-quiet wide-only"
        onClick={() => dialog.current?.showModal()}
      >
        Keys <kbd>?</kbd>
      </button>
      <dialog ref={dialog} aria-labelledby="keys-title">
        <h2 id="keys-title">Keys</h2>
        <dl className="keys">
          {KEYS.map(([key, what]) => (
            <div key={key} className="key-line">
              <dt>
                <kbd>{key}</kbd>
              </dt>
              <dd>{what}</dd>
            </div>
          ))}
        </dl>
        <form method="dialog">
          <button type="submit" className="button">
            Close
          </button>
        </form>
      </dialog>
    </>
  );
}
