/** Order lines in one form, so that what was asked for, confirmed and stored can be compared. Imports nothing: k6 reads this file too. */

export interface OrderLine {
  productId: number | string;
  quantity: number;
}

/** `12x1+40x2`: product 12 once and product 40 twice. */
export const linesPattern = /^[\w.-]+x\d+(\+[\w.-]+x\d+)*$/;

/** Lines as text: one per product, sorted as text. */
export function linesText(lines: OrderLine[]): string {
  const quantities = new Map<string, number>();
  for (const { productId, quantity } of lines)
    quantities.set(String(productId), (quantities.get(String(productId)) ?? 0) + quantity);
  return [...quantities]
    .map(([productId, quantity]) => `${productId}x${quantity}`)
    .sort()
    .join('+');
}

/** Somebody else's text that matches `linesPattern`, in the form of `linesText`. */
export function sameForm(text: string): string {
  const lines = text.split('+').map((line) => {
    const at = line.lastIndexOf('x');
    return { productId: line.slice(0, at), quantity: Number(line.slice(at + 1)) };
  });
  return linesText(lines);
}
