/** A share as a thin bar. Decoration beside the figure it repeats; widths are attributes because the page allows no inline styles. */
export function Bar({ share }: { share: number }) {
  return (
    <svg className="bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true" focusable="false">
      <rect width="100" height="6" rx="1" />
      <rect width={Math.max(0, Math.min(100, share * 100)).toFixed(1)} height="6" rx="1" />
    </svg>
  );
}

/** Shares of the largest of several exact amounts, for bars only. */
export function sharesOf(amounts: readonly string[]): number[] {
  // Drawn, never shown: rounding to a pixel is all the precision a bar has.
  const sizes = amounts.map((a) => Math.abs(Number.parseFloat(a)));
  const largest = Math.max(...sizes, 0);
  return sizes.map((s) => (largest === 0 ? 0 : s / largest));
}
