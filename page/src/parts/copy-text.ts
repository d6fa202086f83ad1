/**
 * Copies a text and returns whether it did. On a failure `element`, which shows the text, stays selected, so
 * that the user can copy it. Call it in a click or key handler: browsers allow copying only there.
 */
export async function copyText(element: HTMLElement, text = element.textContent): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Plain http has no clipboard (except on localhost), and a browser may refuse access to it.
    return copySelected(element, text);
  }
}

function copySelected(element: HTMLElement, text: string): boolean {
  const selection = getSelection();
  const before = selection?.rangeCount ? selection.getRangeAt(0) : undefined;
  selection?.selectAllChildren(element);
  const put = (event: ClipboardEvent): void => {
    // The plain text, without the markup around it.
    event.clipboardData?.setData('text/plain', text);
    event.preventDefault();
  };
  document.addEventListener('copy', put, { capture: true });
  let isCopied = false;
  try {
    // Deprecated, but the only way outside secure contexts.
    isCopied = document.execCommand('copy');
  } catch {
    // Counts as not copied.
  }
  document.removeEventListener('copy', put, { capture: true });
  if (isCopied) {
    selection?.removeAllRanges();
    if (before) selection?.addRange(before);
  }
  return isCopied;
}
